"""Drives headless Chromium over the DevTools protocol, through a pair of pipes: no port, no package."""

import base64
import json
import os
import subprocess
import tempfile
import time


class Browser:
    def __init__(self, executable):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        read_in, self.write_end = os.pipe()
        self.read_end, write_out = os.pipe()

        def place():
            # Chromium reads commands from descriptor 3 and answers on 4.
            high_in, high_out = os.dup(read_in), os.dup(write_out)
            while high_in < 10:
                high_in = os.dup(high_in)
            while high_out < 10:
                high_out = os.dup(high_out)
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [executable, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--hide-scrollbars", "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile.name, "about:blank"],
            preexec_fn=place, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(read_in)
        os.close(write_out)
        self.buffer = b""
        self.number = 0
        self.problems = []
        self.dialogs = 0
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, RuntimeError):
            self.process.kill()
        self.process.wait(timeout=30)
        os.close(self.write_end)
        os.close(self.read_end)
        self.profile.cleanup()

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def message(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_end, 1 << 16)
            if not data:
                raise OSError("the browser has gone")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def note(self, message):
        method, parameters = message.get("method"), message.get("params", {})
        if method == "Page.javascriptDialogOpening":
            self.dialogs += 1
            self.problems.append("a dialog opened: " + parameters.get("message", ""))
        elif method == "Runtime.exceptionThrown":
            self.problems.append("a script failed: " + json.dumps(parameters["exceptionDetails"])[:400])
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            entry = parameters["entry"]
            self.problems.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")

    # What a person does

    def go(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState == 'complete'")

    def js(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {json.dumps(result['exceptionDetails'])[:400]}")
        return result["result"].get("value")

    def until(self, expression, seconds=30):
        """Asks until the answer is yes; a page that is just being left counts as no."""
        end = time.monotonic() + seconds
        while True:
            try:
                if self.js(expression):
                    return
            except RuntimeError:
                pass
            if time.monotonic() > end:
                raise RuntimeError(f"not so within {seconds} s: {expression}; page: {self.text()[:2000]}")
            self.call("Browser.getVersion")

    def leaving(self, expression):
        """Does what leads to another page, and waits for that one."""
        self.js("window.isFormer = true")
        self.js(expression)
        self.until("!window.isFormer && document.readyState == 'complete'")

    def follow(self, selector):
        self.leaving(f"document.querySelector({json.dumps(selector)}).click()")

    def text(self):
        return self.js("document.body.innerText")

    def size(self, width, height=900):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path, whole=True, format="png", quality=None):
        extra = {"quality": quality} if quality else {}
        data = self.call("Page.captureScreenshot", format=format, captureBeyondViewport=whole, **extra)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def log_in(self, url, key):
        self.go(url + "/login")
        self.js(f"document.querySelector('#key').value = {json.dumps(key)}")
        self.follow("main button")
