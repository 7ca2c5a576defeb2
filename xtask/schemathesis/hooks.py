"""Who asks, and about what.

`cargo xtask schemathesis` loads this file: it makes a portal with companies, mappings and devices, and then lets about half of
the calls name rows that are there. What belongs to the own account is asked for with the cookie of a session, everything else
with an API token.
"""

import os
import time
import uuid

import requests
import schemathesis

BASE = os.environ["BASE_URL"]
OWNER = {"name": "Sam Owner", "email": "sam@northwind.example", "password": "four words that nobody guesses"}
BY_SESSION = ("api_tokens/", "roles/", "session/", "setup/", "users/")
# Their rows stay, for the calls that come later.
KEPT = ("integrations/delete", "companies/merge", "companies/archive", "api_tokens/revoke", "session/revoke", "users/deactivate")

http = requests.Session()
http.headers["Origin"] = BASE


def read(endpoint, **query):
    answer = http.get(f"{BASE}/api/v1/{endpoint}", params=query, timeout=30)
    answer.raise_for_status()
    return answer.json()


def write(endpoint, **body):
    answer = http.post(f"{BASE}/api/v1/{endpoint}", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def wait(run):
    while read("runs/get", run_id=run["id"])["state"] in ("queued", "running", "paused"):
        time.sleep(0.2)
    return run["id"]


def arrange():
    """A portal that holds some of everything; answers ids by the names that arguments have."""
    me = write("setup/create_portal", portal_name="Northwind MSP", **OWNER)
    account = {"client_id": os.environ["SIM_CLIENT_ID"], "client_secret": os.environ["SIM_CLIENT_SECRET"]}
    account |= {"vendor": "ninjaone", "region": "custom", "base_url": os.environ["SIM_URL"]}
    integration = write("integrations/connect", **account)
    wait(integration["active_run"])
    of = {"integration_id": integration["id"]}
    names = [row["name"] for row in read("organizations/list", **of)["items"]]
    write("companies/import_csv", csv="name\n" + "\n".join(f'"{name}"' for name in names), dry_run=False)
    decision = write("organizations/quick_match", **of)
    wait(write("runs/start", kind="devices", **of))
    write("node_classes/quick_match", **of)
    write("node_classes/quick_create", **of)
    run = wait(write("imports/start", select="all", **of))
    device = read("devices/list")["items"][0]
    company, type_id = device["company"]["id"], device["device_type"]["id"]
    location = write("locations/create", company_id=company, name="Head office")
    role = write("roles/create", name="Helpdesk", permissions=me["permissions"])
    view = write("views/save", name="Offline", query="status=offline", shared=False)
    found = dict(of, run_id=run, device_id=device["id"], device=device["id"], company_id=company, company=company)
    found |= {"device_type_id": type_id, "device_type": type_id, "location_id": location["id"], "location": location["id"]}
    found |= {"view_id": view["id"], "role_id": role["role"], "decision_id": decision.get("decision_id")}
    return {name: value for name, value in found.items() if value}


def is_id(value):
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


IDS = arrange()
TOKEN = write("api_tokens/create", name="schemathesis", role="admin")["secret"]
COOKIE = "; ".join(f"{cookie.name}={cookie.value}" for cookie in http.cookies)


@schemathesis.hook
def before_call(context, case, kwargs):
    endpoint = case.operation.path.removeprefix("/api/v1/")
    headers = case.headers if case.headers is not None else {}
    if endpoint.startswith(BY_SESSION):
        headers["Cookie"], headers["Origin"] = COOKIE, BASE
    else:
        headers["Authorization"] = f"Bearer {TOKEN}"
    case.headers = headers
    if endpoint in ("integrations/connect", "integrations/test_connection") and isinstance(case.body, dict):
        # Nobody's real NinjaOne is asked, and a vendor that is away (502) is none of our faults.
        case.body |= {"region": "custom", "base_url": os.environ["SIM_URL"]}
    for values in (case.query, case.path_parameters, case.body):
        if endpoint in KEPT or not isinstance(values, dict):
            continue
        for name, value in values.items():
            # Half of them, the same ones each time.
            if name in IDS and is_id(value) and uuid.UUID(value).int % 2 == 0:
                values[name] = IDS[name]
