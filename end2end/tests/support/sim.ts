// The simulated NinjaOne and its control endpoints.

export const SIM_URL = process.env.SIM_URL ?? "";
export const SIM_CLIENT_ID = process.env.SIM_CLIENT_ID ?? "";
export const SIM_CLIENT_SECRET = process.env.SIM_CLIENT_SECRET ?? "";

/** Another account of the MSP, at a simulator of its own. */
export const SIM2_URL = process.env.SIM2_URL ?? "";
export const SIM2_CLIENT_ID = process.env.SIM2_CLIENT_ID ?? "";
export const SIM2_CLIENT_SECRET = process.env.SIM2_CLIENT_SECRET ?? "";

/** Every later request as well, not only the next. */
export const ALWAYS = 0xffffffff;

/** Runs a script such as `rename_device` and answers its result. */
export async function sim<T = unknown>(script: string, args: object = {}, url = SIM_URL): Promise<T> {
  const answer = await fetch(`${url}/_sim/${script}`, { method: "POST", body: JSON.stringify(args) });
  if (!answer.ok) throw new Error(`${script}: ${await answer.text()}`);
  return (await answer.json()).result;
}

type State = { organizations: { id: number; name: string }[]; devices: number; approved_devices: number };

/** How the simulated account stands. */
export async function simState(): Promise<State> {
  return (await fetch(`${SIM_URL}/_sim/state`)).json();
}

/** The id of an organization by its name. */
export async function organizationId(name: string): Promise<number> {
  const found = (await simState()).organizations.find((organization) => organization.name === name);
  if (!found) throw new Error(`there is no organization ${name}`);
  return found.id;
}

/** Every answer takes this many seconds: time to watch a run. */
export function slow(seconds: number) {
  return sim("set_behaviour", { latency: seconds });
}

/** Everything works again, at full speed. */
export async function heal() {
  await sim("clear_faults");
  await sim("set_behaviour", { latency: 0, requests_per_second: null, credentials_revoked: false });
}
