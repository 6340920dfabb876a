#ifndef USAGE_LEDGER_CHECKSUM_H
#define USAGE_LEDGER_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for CRC-32C.
int checksum_has_crc32c(void);

/// Feeds bytes to a CRC-32C by the processor's own instructions; only where there are some.
uint32_t checksum_crc32c(uint32_t state, const void *bytes, size_t count);

#endif
