# A browser for tests: Debian's Chromium, driven by its WebDriver.
#   browser_start          browser_stop
#   visit URL
#   js 'return 1 + 1'      runs in the page; $value is what it returned, as JSON
#   until_js 'EXPRESSION'  waits until it is true; `bad` when it never is
#   click CSS [TEXT]       the first element that CSS finds (and that holds TEXT), as a mouse would
#   type_into CSS TEXT     keys, one after the other; \uE007 is Enter
# After harness.sh; `end` of the harness does not know of it: call browser_stop.
value='' patience=30000

webdriver() { # METHOD PATH [JSON]
  curl -sS -X "$1" -H 'Content-Type: application/json' ${3+-d "$3"} "http://127.0.0.1:$driver_port$2"
}

browser_start() {
  chromedriver --port=0 >"$work/driver" 2>&1 &
  driver=$!
  driver_port=''
  while [ -z "$driver_port" ]; do
    kill -0 "$driver" || { cat "$work/driver" >&2; exit 1; }
    sleep 0.05
    driver_port=$(sed -n 's/.*on port \([0-9]*\)\..*/\1/p' "$work/driver")
  done
  session=$(webdriver POST /session '{"capabilities":{"alwaysMatch":{"goog:chromeOptions":{"args":["--headless=new","--no-sandbox","--disable-gpu","--disable-dev-shm-usage","--window-size=1400,900","--user-data-dir='"$work"'/profile"]},"timeouts":{"script":60000}}}}' |
    sed -n 's/.*"sessionId":"\([^"]*\)".*/\1/p')
  [ -n "$session" ] || { cat "$work/driver" >&2; exit 1; }
}

browser_stop() {
  webdriver DELETE "/session/$session" >/dev/null
  kill "$driver"
}

json_string() { printf '%s' "$1" | sed 's/\\\(u[0-9A-F]\{4\}\)/\x01\1/g; s/[\\"]/\\&/g; s/\x01/\\/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'; }

visit() { webdriver POST "/session/$session/url" '{"url":"'"$1"'"}' >/dev/null; }

js() {
  ran="js $1"
  out=$(webdriver POST "/session/$session/execute/sync" '{"script":"'"$(json_string "$1")"'","args":[]}')
  value=${out#\{\"value\":} value=${value%\}}
}

# The page itself waits: it looks twenty times a second, for half a minute; once that was in vain, for a second.
until_js() {
  check
  ran="until $1"
  out=$(webdriver POST "/session/$session/execute/async" '{"script":"'"$(json_string "
    const done = arguments[0], end = Date.now() + $patience;
    const holds = () => { try { return $1; } catch { return false; } };
    (function look() { if (holds()) done(true); else if (Date.now() > end) done(document.body.innerText); else setTimeout(look, 50); })();")"'","args":[]}')
  [ "$out" = '{"value":true}' ] && return
  bad 'it never was so'
  patience=1000
}

# The id of an element that can be seen, in $element.
find_element() { # CSS [TEXT]
  ran="find $1 ${2-}"
  until_js "(window.found = [...document.querySelectorAll(\`$1\`)].find((e) => e.checkVisibility() && e.textContent.includes(\`${2-}\`)))"
  out=$(webdriver POST "/session/$session/execute/sync" '{"script":"return window.found","args":[]}')
  element=$(printf '%s' "$out" | sed -n 's/.*"element-[^"]*":"\([^"]*\)".*/\1/p')
}

click() {
  find_element "$@"
  webdriver POST "/session/$session/element/$element/click" '{}' >"$work/clicked"
  grep -q '{"value":null}' "$work/clicked" || { out=$(cat "$work/clicked"); bad "cannot be clicked"; }
}

double_click() {
  find_element "$@"
  js 'window.found.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }))'
}

type_into() {
  find_element "$1"
  webdriver POST "/session/$session/element/$element/value" '{"text":"'"$(json_string "$2")"'"}' >/dev/null
}
