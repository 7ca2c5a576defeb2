// The inventory with as many devices as the simulated account has: pictures in both themes and widths, and no barriers.

import type { APIRequestContext } from "@playwright/test";
import { read, write } from "../tests/support/api";
import * as arrange from "../tests/support/arrange";
import { inspect, open } from "../tests/support/page";
import { expect, test } from "../tests/support/signed-in";

const DEVICES = Number(process.env.DEVICES ?? 50);
const PATIENCE = 600_000;

/** What people call devices: long, from right to left, and with signs of several letters. */
const NAMES = [
  `${"Reception desk behind the second glass door ".repeat(4)}7`,
  "מחשב קבלה 7 – مكتب المحاسبة",
  "🖥️ Boardroom 👩🏽‍💻 présentation",
];

/** Every organization is a company of its own, and every device is imported. */
async function fill(http: APIRequestContext) {
  const id = await arrange.connected(http);
  const names: string[] = [];
  for (let page = 1; ; page++) {
    const { items, total } = await read(http, "organizations/list", { integration_id: id, page, page_size: 200 });
    names.push(...items.map((row: { name: string }) => row.name));
    if (names.length >= total) break;
  }
  const rows = [...new Set(names)].map((name) => `"${name.replaceAll('"', '""')}"`);
  await write(http, "companies/import_csv", { csv: ["name", ...rows, ""].join("\n"), dry_run: false });
  await write(http, "organizations/quick_match", { integration_id: id });
  await arrange.sync(http, id, "devices", PATIENCE);
  if (DEVICES === 0) return;
  await write(http, "node_classes/quick_match", { integration_id: id });
  await write(http, "node_classes/quick_create", { integration_id: id });
  const run = await write(http, "imports/start", { integration_id: id, select: "all" });
  await arrange.ended(http, run.id, PATIENCE);
  const { items } = await read(http, "devices/list", { page_size: NAMES.length });
  for (const [n, device] of items.entries()) {
    await write(http, "devices/update", { device_id: device.id, fields: [{ field: "name", value: NAMES[n] }] });
  }
}

test(`the inventory of ${DEVICES} devices looks right and is open to everybody`, async ({ page, http }) => {
  await fill(http);
  const { items, total } = await read(http, "devices/list", { page_size: 1 });
  // Without the few that stand in no organization, or twice.
  expect(total).toBeGreaterThanOrEqual(Math.floor(DEVICES * 0.9));
  const company = (await read(http, "companies/list", { sort: "-device_count", page_size: 1 })).items[0];
  const pages: Record<string, string> = {
    home: "/",
    devices: "/devices",
    "devices-named": "/devices?search=desk",
    "devices-by-status": "/devices?sort=status&page=2",
    duplicates: "/duplicates",
    reports: "/reports",
    "report-devices": "/reports/devices?check=os_ended",
    "report-companies": "/reports/companies",
    why: "/why?search=desk",
    companies: "/companies",
  };
  if (company) pages["company"] = `/companies/${company.id}`;
  if (company && DEVICES > 0) pages["company-report"] = `/reports/companies/${company.id}`;
  if (items[0]) pages["device"] = `/devices/${items[0].id}`;
  for (const [name, address] of Object.entries(pages)) {
    await open(page, address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main").locator(".skeleton")).toHaveCount(0);
    await inspect(page, `size-${DEVICES}-${name}`);
  }
});
