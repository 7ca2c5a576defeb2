// From a press to the painted choices, in the matcher of a portal with 2,000 organizations and 10,000 companies.

import type { APIRequestContext, Page } from "@playwright/test";
import { read, write } from "../tests/support/api";
import * as arrange from "../tests/support/arrange";
import { open } from "../tests/support/page";
import { test } from "../tests/support/signed-in";

const COMPANIES = 10_000;
const ROUNDS = 30;
/** Typed letter by letter, as fast as people do. */
const TYPED = ["harbor", "blue cl", "7421", "north", "dental 1", "zz", "ocean", "green 9"];
const KEY_PAUSE_MS = 120;

const LEADS = ["Harbor", "Blue", "North", "Ocean", "Green", "Silver", "Maple", "Granite", "Summit", "River"];
const TRADES = ["Dental", "Clinic", "Builders", "Logistics", "Legal", "Foods", "Media", "School", "Energy", "Care"];
const company = (n: number) => `${LEADS[n % 10]} ${TRADES[Math.floor(n / 10) % 10]} ${n}`;

async function seed(http: APIRequestContext): Promise<string> {
  const numbers = Array.from({ length: COMPANIES }, (_, n) => n);
  for (let from = 0; from < COMPANIES; from += 2_000) {
    const rows = numbers.slice(from, from + 2_000).map((n) => `"${company(n)}",company${n}.example,C-${n}`);
    await write(http, "companies/import_csv", { csv: ["name,domain,psa_ref", ...rows, ""].join("\n"), dry_run: false });
  }
  return arrange.connected(http);
}

/** Notes, in the page, when an event arrived and when the choices that it led to were painted. */
async function watch(page: Page) {
  await page.evaluate(() => {
    const state = window as unknown as { since: number; painted: number[] };
    state.painted = [];
    state.since = 0;
    const begin = (event: Event) => (state.since = event.timeStamp);
    addEventListener("mousedown", begin, true);
    addEventListener("keydown", begin, true);
    new MutationObserver(() => {
      const since = state.since;
      const list = document.querySelector("[role=listbox]");
      if (!since || !list || list.getAttribute("aria-busy") === "true" || !list.querySelector("[role=option]")) return;
      state.since = 0;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        // After the frame that has them.
        channel.port1.onmessage = () => state.painted.push(performance.now() - since);
        channel.port2.postMessage(0);
      });
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
  });
}

async function painted(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as { painted: number[] }).painted.splice(0));
}

function print(what: string, times: number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  console.log(`${what}: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, longest ${at(1)} ms (${times.length} times)`);
}

test("the dropdown of the matcher", async ({ page, http }) => {
  const id = await seed(http);
  const { total: companies } = await read(http, "companies/list");
  const { total: organizations } = await read(http, "organizations/list", { integration_id: id });
  console.log(`${organizations} organizations, ${companies} companies`);
  await open(page, `/integrations/${id}/organizations`);
  await watch(page);
  const fields = page.locator("tr[data-remote-id] input[role=combobox]");
  const opened: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await fields.nth(round % 20).click();
    await page.waitForTimeout(300);
    opened.push(...(await painted(page)));
    await page.keyboard.press("Escape");
    await painted(page);
  }
  print("press to painted choices", opened);

  const typed: number[] = [];
  for (const text of TYPED) {
    await fields.first().click();
    await page.waitForTimeout(300);
    await painted(page);
    await page.keyboard.type(text, { delay: KEY_PAUSE_MS });
    await page.waitForTimeout(400);
    typed.push(...(await painted(page)));
    await page.keyboard.press("Escape");
    await page.waitForTimeout(50);
  }
  const keys = TYPED.join("").length;
  print(`key to painted choices, for ${typed.length} of ${keys} keys`, typed);
});
