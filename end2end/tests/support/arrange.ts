// What a spec stands on. Each step makes what is missing and leaves alone what is there, so that every spec file also
// runs by itself on an empty server.

import { expect, type APIRequestContext } from "@playwright/test";
import { read, write } from "./api";
import { COMPANIES_CSV, LOCATIONS_CSV, OWNER } from "./data";
import { SIM2_CLIENT_ID, SIM2_CLIENT_SECRET, SIM2_URL, SIM_CLIENT_ID, SIM_CLIENT_SECRET, SIM_URL } from "./sim";

/** The portal exists, and `http` is signed in as its owner. */
export async function signIn(http: APIRequestContext) {
  const { created } = await read(http, "setup/state");
  if (created) await write(http, "session/sign_in", { email: OWNER.email, password: OWNER.password });
  else await write(http, "setup/create_portal", OWNER);
}

/** All companies and locations of `data`. */
export async function companies(http: APIRequestContext) {
  await write(http, "companies/import_csv", { csv: COMPANIES_CSV, dry_run: false });
  await write(http, "locations/import_csv", { csv: LOCATIONS_CSV, dry_run: false });
}

/** The connected account and its id, its organizations read. */
export async function connected(http: APIRequestContext): Promise<string> {
  const integration = (await read(http, "integrations/list")).items[0] ?? (await connect(http));
  await idle(http, integration.id);
  return integration.id;
}

function connect(http: APIRequestContext, base_url = SIM_URL, client_id = SIM_CLIENT_ID, client_secret = SIM_CLIENT_SECRET) {
  return write(http, "integrations/connect", { vendor: "ninjaone", region: "custom", base_url, client_id, client_secret });
}

/** A second account, beside the one that is connected: its id and name, its organizations read. */
export async function second(http: APIRequestContext): Promise<{ id: string; name: string }> {
  await connected(http);
  const found = (await read(http, "integrations/list")).items[1];
  const { id, name } = found ?? (await connect(http, SIM2_URL, SIM2_CLIENT_ID, SIM2_CLIENT_SECRET));
  await idle(http, id);
  return { id, name };
}

/** Connected, and what Quick Match is sure of is mapped. */
export async function mapped(http: APIRequestContext): Promise<string> {
  await companies(http);
  const id = await connected(http);
  if ((await counts(http, id)).organizations_mapped === 0) {
    await write(http, "organizations/quick_match", { integration_id: id });
    await write(http, "remote_locations/quick_match", { integration_id: id });
  }
  return id;
}

/** Mapped, and the devices read. */
export async function staged(http: APIRequestContext): Promise<string> {
  const id = await mapped(http);
  if ((await counts(http, id)).devices === 0) await sync(http, id, "devices");
  return id;
}

/** Staged, every node class has a device type, and what can be imported is. */
export async function imported(http: APIRequestContext): Promise<string> {
  const id = await staged(http);
  if ((await counts(http, id)).devices_imported === 0) {
    await write(http, "node_classes/quick_match", { integration_id: id });
    await write(http, "node_classes/quick_create", { integration_id: id });
    const run = await write(http, "imports/start", { integration_id: id, select: "all" });
    await ended(http, run.id);
  }
  return id;
}

/** How much an integration holds. */
export async function counts(http: APIRequestContext, id: string) {
  return (await read(http, "integrations/get", { integration_id: id })).counts;
}

/** Runs a sync to its end and answers it. */
export async function sync(http: APIRequestContext, id: string, kind: string, timeout?: number) {
  const run = await write(http, "runs/start", { integration_id: id, kind });
  return ended(http, run.id, timeout);
}

const ACTIVE = ["queued", "running", "paused"];

/** Waits for the end of a run and answers it. */
export async function ended(http: APIRequestContext, run_id: string, timeout = 40_000): Promise<{ id: string; state: string }> {
  let run = { id: run_id, state: "queued" };
  const look = async () => {
    run = await read(http, "runs/get", { run_id });
    return ACTIVE.includes(run.state);
  };
  await expect.poll(look, { timeout, intervals: [100, 200, 400] }).toBe(false);
  return run;
}

/** Waits until nothing runs for an integration. */
export async function idle(http: APIRequestContext, id: string) {
  const look = async () => (await read(http, "integrations/get", { integration_id: id })).active_run;
  await expect.poll(look, { timeout: 40_000, intervals: [100, 200, 400] }).toBeNull();
}
