"""A person with a browser: looks at the page of a running service, and says what is not as it should be.

Arguments: the browser, the service's address, a key for all agents, one for the agent `mine` alone, and optionally a
directory for pictures. The ledger holds what BrowserTests records.
"""

import json
import sys
import urllib.request

from browser import Browser

executable, url, admin, reader = sys.argv[1:5]
pictures = sys.argv[5] if len(sys.argv) > 5 else None
faults = []


def expect(fact, what):
    if not fact:
        faults.append(what)


def record(number, operation="property_search"):
    event = {"id": f"live-{number}", "agent": "mine", "operation": operation,
             "lines": [{"category": "google_search_api", "quantity": 1}]}
    request = urllib.request.Request(
        url + "/api/cost-tracking/events", json.dumps(event).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + admin})
    urllib.request.urlopen(request).read()


def picture(name):
    if pictures:
        browser.picture(f"{pictures}/{name}.png")


browser = Browser(executable)
try:
    browser.size(1280)
    # In, by the way of the page that was asked for.
    browser.go(url + "/agents/mine?period=today")
    expect(browser.js("location.pathname") == "/login", "who is not logged in is not asked to")
    browser.js(f"document.querySelector('#key').value = {json.dumps(reader)}")
    browser.follow("main button")
    expect(browser.js("location.pathname + location.search") == "/agents/mine?period=today",
           "after logging in one is not where one wanted to go")
    expect(browser.js("document.cookie") == "", "a script can read the session's cookie")
    expect("Acknowledge" not in browser.text(), "a key that may only read is offered to acknowledge")
    browser.go(url + "/agents/other")
    expect("403" in browser.text() and "not for this agent" in browser.text(), "another agent's page is not refused")
    browser.problems.clear()  # the refusal itself is reported as an error
    browser.go(url + "/agents/mine")
    browser.follow(".out button")

    browser.log_in(url, admin)
    expect("All agents" in browser.text() and "mine" in browser.text(), "the page of all agents does not show mine")
    picture("all")

    # A number changes when an event is recorded, and the page is still the same one.
    browser.go(url + "/agents/mine?period=today")
    browser.until("document.querySelector('#status').dataset.state == 'on'")
    before = browser.js("document.querySelector('#spend').title")
    browser.js("window.isSame = true")
    record(1)
    browser.until(f"document.querySelector('#spend').title != {json.dumps(before)}")
    expect(browser.js("window.isSame") is True, "the page was loaded anew")
    record(2)
    browser.until("document.querySelectorAll('#recent tbody tr.fresh').length > 0")

    # A lost connection shows, and heals.
    browser.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    browser.js("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    browser.until("document.querySelector('#status').dataset.state == 'lost'")
    browser.call("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1,
                 uploadThroughput=-1)
    browser.until("document.querySelector('#status').dataset.state == 'on'")
    browser.problems = [problem for problem in browser.problems if "ERR_INTERNET_DISCONNECTED" not in problem]

    # Filter, by what the address bar then says.
    browser.leaving("(() => { const select = document.querySelector('select[name=operation]');"
                    "select.value = 'template_message'; select.dispatchEvent(new Event('change')); })()")
    expect("operation=template_message" in browser.js("location.search"), "the filter is not in the address bar")
    expect("google_search_api" not in browser.js("document.querySelector('#by-category').innerText"),
           "the filter lets other usage through")
    browser.follow(".chip")
    expect("operation" not in browser.js("location.search"), "the filter cannot be taken away")

    # From a row to its lines, from a line to its explanation.
    browser.follow("#by-operation tbody th a")
    expect(browser.js("location.pathname") == "/agents/mine/usage", "a row does not lead to its lines")
    browser.follow("td.time a")
    expect("Arithmetic" in browser.text() and "exact" in browser.text(), "a line is not explained")
    picture("event")
    browser.go(url + "/agents/mine")
    browser.leaving("document.querySelector('#chart svg a[tabindex]').dispatchEvent("
                    "new MouseEvent('click', {bubbles: true, cancelable: true}))")
    expect("category=" in browser.js("location.search"), "a part of a bar does not lead to its lines")

    # An alert is acknowledged.
    browser.go(url + "/agents/mine")
    count = browser.js("document.querySelectorAll('#alerts .alert').length")
    expect(count > 0, "there is no alert")
    browser.follow("#alerts form button")
    expect(browser.js("document.querySelectorAll('#alerts .alert').length") == count - 1,
           "an acknowledged alert is still there")

    # Without a script all of it is there, too.
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.call("Page.reload")
    browser.until("document.readyState == 'complete' && !!document.querySelector('#spend')")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)

    # Dark: another ground, and still readable.
    def ground():
        return browser.js("getComputedStyle(document.body).backgroundColor")

    browser.scheme("light")
    light = ground()
    browser.scheme("dark")
    expect(ground() != light, "dark mode looks like light mode")
    picture("dark")
    browser.scheme("light")

    # A phone: nothing sticks out.
    for path in ("/", "/agents/mine", "/agents/mine/usage", "/agents/nobody"):
        for width in (360, 1280, 2000):
            browser.size(width)
            browser.go(url + path)
            wide = browser.js("document.documentElement.scrollWidth")
            expect(wide <= width, f"{path} is {wide} wide on a screen of {width}")
    browser.size(360)
    browser.go(url + "/agents/mine")
    picture("phone")
    browser.size(1280)

    # Keyboard: the first stop leads past the head of the page.
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    expect(browser.js("document.activeElement.className") == "skip", "the first Tab does not lead to the content")

    # Names that try to be more than text.
    browser.go(url + "/")
    evil = browser.js("[...document.querySelectorAll('#ranking tbody th a')]"
                      ".find(link => link.textContent.includes('alert(1)'))?.getAttribute('href')")
    expect(evil, "the agent with the hostile name is not there as text")
    for path in ("/", evil, evil.split("?")[0] + "/usage"):
        browser.go(url + path)
        expect("<img src=x" in browser.text(), f"{path}: markup in a name is not shown as text")
        expect(browser.js("document.querySelectorAll('main img, main script').length") == 0,
               f"{path}: a name became an element")
        expect(browser.js("[...document.querySelectorAll('*')].every(element => "
                          "!element.getAttributeNames().some(name => name.startsWith('on')))"),
               f"{path}: a name became an attribute")
    browser.follow("td.time a")
    expect("<img src=x" in browser.text(), "metadata is not shown as text")
    expect(browser.dialogs == 0, "a script from a name ran")

    # All this without an error of the page, and nothing refused by its own policy.
    faults += browser.problems
    first = browser.js("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    print(f"looked: {len(faults)} faults; the last page was there after {first:.0f} ms")
except (RuntimeError, AttributeError) as error:
    faults.append(str(error))
finally:
    browser.close()

for fault in faults:
    print("fault:", fault)
sys.exit(1 if faults else 0)
