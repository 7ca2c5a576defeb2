"""The portal as a scanner sees it: as nobody, as somebody who is signed in, and through the API.

`cargo xtask wapiti` runs this file: it makes a portal with devices, scans it three times, prints what was found and is not
among `EXPLAINED`, and fails if there is any of that.
"""

import http.cookiejar
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

BASE = os.environ["BASE_URL"]
WAPITI, FOLDER, SECONDS = sys.argv[1:]
OWNER = {"name": "Sam Owner", "email": "sam@northwind.example", "password": "four words that nobody guesses"}
MODULES = "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,ssrf,timesql,upload,xss,xxe"
OUTSIDE = ["", "sign-in?next=/devices", "sign-up", "setup", "forgot-password", "invite/none", "reset/none", "docs/api"]
INSIDE = ["", "account", "devices", "companies", "device-types", "duplicates", "why?q=a", "reports", "reports/companies", "reports/devices"]
INSIDE += ["settings/" + page for page in ("audit", "compliance", "integrations", "integrations/companies", "roles", "tokens", "users")]
# What a scanner takes for a weakness and is none, with the reason.
EXPLAINED = [
    (r"^Strict-Transport-Security is not set", "set with --behind-tls; there is no TLS here"),
    (r"^Secure flag is not set", "set with --behind-tls; there is no TLS here"),
    (r"^Lack of anti CSRF token", "pages take no POST; the API wants JSON and the portal's own origin, which no foreign form can send"),
    (r"^Possible interesting methods [^\n]*?: ([A-Z]+ \((403|405|422)\) ?)+$", "all of them are refused"),
]

jar = http.cookiejar.CookieJar()
client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))


def call(endpoint, body=None, **query):
    url = f"{BASE}/api/v1/{endpoint}?{urllib.parse.urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", "Origin": BASE})
    with client.open(request, timeout=30) as answer:
        return json.load(answer)


def wait(run):
    while call("runs/get", run_id=run["id"])["state"] in ("queued", "running", "paused"):
        time.sleep(0.2)


def arrange():
    """A portal that holds devices; answers the integration."""
    call("setup/create_portal", {"portal_name": "Northwind MSP", **OWNER})
    account = {"client_id": os.environ["SIM_CLIENT_ID"], "client_secret": os.environ["SIM_CLIENT_SECRET"]}
    account |= {"vendor": "ninjaone", "region": "custom", "base_url": os.environ["SIM_URL"]}
    integration = call("integrations/connect", account)
    wait(integration["active_run"])
    of = {"integration_id": integration["id"]}
    names = [row["name"] for row in call("organizations/list", **of)["items"]]
    call("companies/import_csv", {"csv": "name\n" + "\n".join(f'"{name}"' for name in names), "dry_run": False})
    call("organizations/quick_match", of)
    wait(call("runs/start", {"kind": "devices", **of}))
    call("node_classes/quick_create", of)
    wait(call("imports/start", {"select": "all", **of}))
    return integration["id"]


class Endpoint(http.server.BaseHTTPRequestHandler):
    """What a server that fetches addresses of others would ask; it never should."""

    reached = []

    def do_GET(self):
        if "get_ssrf.php" not in self.path and "get_xxe.php" not in self.path:
            self.reached.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def scan(name, *options):
    """What wapiti finds, as (category, entry)."""
    report = f"{FOLDER}/{name}.json"
    command = [WAPITI, "-u", f"{BASE}/", "--scope", "folder", "-m", MODULES, "--flush-session", "--no-bugreport"]
    command += ["--max-scan-time", SECONDS, "--max-attack-time", str(int(SECONDS) // 4), "-v", "0", "-f", "json", "-o", report]
    command += ["--store-session", f"{FOLDER}/{name}", "--store-config", f"{FOLDER}/config", "--tasks", "4", "-t", "30", "--endpoint", ENDPOINT]
    subprocess.run(command + list(options), check=True, timeout=int(SECONDS) * 4)
    with open(report) as file:
        found = json.load(file)
    print(f"{name}: {found['infos'].get('crawled_pages_nbr')} addresses attacked", flush=True)
    kinds = [*found["vulnerabilities"].items(), *found["anomalies"].items(), *found["additionals"].items()]
    return [(name, kind, entry) for kind, entries in kinds for entry in entries]


def explained(entry):
    return any(re.search(pattern, entry["info"]) for pattern, _ in EXPLAINED)


def starts(pages):
    return [word for page in pages for word in ("-s", f"{BASE}/{page}")]


listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=listener.serve_forever, daemon=True).start()
ENDPOINT = f"http://127.0.0.1:{listener.server_port}/"
integration = arrange()
token = call("api_tokens/create", {"name": "wapiti", "role": "admin"})["secret"]
cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
steps = [f"integrations/{integration}/{step}" for step in ("connect", "organizations", "locations", "devices", "runs")]

narrow = ["-d", "3", "--max-links-per-page", "40", "--max-files-per-dir", "6", "--max-parameters", "12"]
found = scan("nobody", *narrow, *starts(OUTSIDE))
found += scan("signed-in", *narrow, "-H", f"Origin: {BASE}", "-C", cookies, *starts(INSIDE + steps))
api = f"{BASE}/api/v1/openapi.json"
found += scan("api", "-d", "0", "-H", f"Authorization: Bearer {token}", "--swagger", api, "-x", f"{BASE}/api/v1/runs/*/events")

left = [row for row in found if not explained(row[2])]
for name, kind, entry in left:
    print(f"{name}: {kind}: {entry['method']} {entry['path']} {entry.get('parameter') or ''}: {entry['info'].splitlines()[0]}")
for path in Endpoint.reached:
    print(f"the server asked for an address that it was given: {path}")
print(f"{len(found)} findings, {len(found) - len(left)} of them explained")
sys.exit(1 if left or Endpoint.reached else 0)
