"use strict";
// Keeps an open page up to date: it asks for itself again when the service says that something has changed, and puts the
// parts that differ in the place of the old ones. Without this script everything works, by reloading.
(() => {
  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  // What is not chosen need not stand in the address.
  for (const form of document.querySelectorAll("form.filters")) {
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }

  const live = document.body.dataset.live;
  const status = document.getElementById("status");
  if (!live || !status) {
    // A service that is starting answers soon.
    if (document.querySelector(".entry .code")?.textContent === "503") setTimeout(() => location.reload(), 2000);
    return;
  }

  const say = (state, text) => {
    status.dataset.state = state;
    if (status.textContent !== text) status.textContent = text;
  };

  let isAsking = false;
  let isAskedAgain = false;
  let askedAt = 0;

  const refresh = async () => {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    try {
      // Not more than one a second, however much comes in.
      const wait = askedAt + 1000 - Date.now();
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      askedAt = Date.now();
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.redirected && new URL(answer.url).pathname === "/login") {
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
      say("on", "Live");
    } catch {
      say("lost", "Connection lost, trying again");
    } finally {
      isAsking = false;
      if (isAskedAgain) {
        isAskedAgain = false;
        refresh();
      }
    }
  };

  const replace = (page) => {
    for (const old of document.querySelectorAll("[data-refresh]")) {
      const now = page.getElementById(old.id);
      if (!now || now.innerHTML === old.innerHTML) continue;
      // Whoever is reading or typing here keeps their place.
      const isOpen = old.querySelector("details")?.open;
      const places = [...document.querySelectorAll(`#${old.id} a, #${old.id} button`)];
      const focus = places.indexOf(document.activeElement);
      const before = new Set([...old.querySelectorAll("tr[data-key]")].map((row) => row.dataset.key));
      const figures = new Map([...old.querySelectorAll("[id]")].map((part) => [part.id, part.textContent]));
      const fresh = document.importNode(now, true);
      if (isOpen) fresh.querySelector("details").open = true;
      old.replaceWith(fresh);
      for (const row of fresh.querySelectorAll("tr[data-key]")) {
        if (!before.has(row.dataset.key)) row.classList.add("fresh");
      }
      for (const part of fresh.querySelectorAll("[id]")) {
        if (figures.get(part.id) !== part.textContent) part.classList.add("fresh");
      }
      if (focus >= 0) fresh.querySelectorAll("a, button")[focus]?.focus({ preventScroll: true });
    }
    // Parts that were not there before, such as the first unpriced usage, come with a reload of their own.
    for (const part of page.querySelectorAll("[data-refresh]")) {
      if (!document.getElementById(part.id)) location.reload();
    }
    const time = page.getElementById("as-of");
    if (time) document.getElementById("as-of").textContent = time.textContent;
  };

  let wasLost = false;
  let source;
  const follow = () => {
    source = new EventSource(live);
    source.onopen = () => {
      say("on", "Live");
      if (wasLost) refresh();
      wasLost = false;
    };
    source.addEventListener("change", refresh);
    source.onerror = () => {
      wasLost = true;
      say("lost", "Connection lost, trying again");
      // The browser itself tries again, unless it was answered with an error.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => {
          refresh();
          follow();
        }, 3000);
      }
    };
  };
  follow();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { refresh(); follow(); } });
})();
