// The inventory: the list and one device with all that is known of it.

import type { Page } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, reload } from "./support/page";
import { heal, sim, SIM_URL } from "./support/sim";
import { expect, test } from "./support/signed-in";

const rows = (page: Page) => page.locator("tr[data-device-id]");
const total = async (page: Page) => Number(/of ([\d,]+)/.exec(await page.getByText(/^\d+ to \d+ of/).innerText())?.[1].replace(",", ""));

test.beforeEach(async ({ http }) => {
  await arrange.imported(http);
});

test("the list is searched, filtered, sorted and paged", async ({ page, http }) => {
  await open(page, "/devices");
  const all = (await read(http, "devices/list")).total;
  expect(await total(page)).toBe(all);
  await expect(rows(page)).toHaveCount(50);
  await inspect(page, "08-devices");

  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText(`51 to 100 of ${all}`)).toBeVisible();
  await page.getByLabel("Filter by status").selectOption({ label: "Offline" });
  await expect(page).toHaveURL(/status=offline/);
  const { total: offline } = await read(http, "devices/list", { status: "offline" });
  expect(offline).toBeGreaterThan(0);
  await expect.poll(() => total(page)).toBe(offline);
  for (const row of (await rows(page).all()).slice(0, 5)) await expect(row).toContainText("Offline");

  await choose(page, page.getByRole("combobox", { name: "Filter by company" }), /^Dawnfield Logistics/);
  await expect(page).toHaveURL(/company=/);
  await expect.poll(() => total(page)).toBeLessThan(offline);
  await expect(rows(page).first()).toContainText("Dawnfield Logistics");
  await reload(page);
  await expect(page.getByRole("combobox", { name: "Filter by company" })).toHaveValue("Dawnfield Logistics");
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect.poll(() => total(page)).toBe(all);

  await page.getByLabel("Filter by type").selectOption({ label: "Server" });
  await expect(rows(page).first()).toContainText("Server");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=-name/);
  const names = (await rows(page).getByRole("rowheader").getByRole("link").allInnerTexts()).map((n) => n.toLowerCase());
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  const { items } = await read(http, "devices/list", { sort: "-name", device_type: new URL(page.url()).searchParams.get("type") });
  expect(names).toEqual(items.map((d: { name: string }) => d.name.toLowerCase()));

  await page.getByRole("searchbox", { name: "Search devices" }).fill("no such device");
  await expect(page.getByText("No device matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all devices" }).click();
  await expect.poll(() => total(page)).toBe(all);
});

test("a device shows what is known, where it came from, and leads to NinjaOne", async ({ page, http }) => {
  const { items } = await read(http, "devices/list", { search: "", page_size: 200, status: "online" });
  const full = items.find((d: { serial?: string; last_user?: string; location?: object }) => d.serial && d.last_user && d.location);
  expect(full, "a device with serial, user and location").toBeTruthy();
  await open(page, `/devices?search=${encodeURIComponent(full.name)}`);
  await page.getByRole("link", { name: full.name, exact: true }).first().click();
  await expect(page).toHaveURL(`/devices/${full.id}`);
  await expect(page.getByRole("heading", { level: 1, name: full.name })).toBeFocused();
  const main = page.getByRole("main");
  for (const text of [full.serial, full.last_user, full.company.name, full.location.name, full.device_type.name, full.os_name]) {
    await expect(main).toContainText(text);
  }
  for (const group of ["Identity", "Hardware", "Operating system", "Network", "People", "Backup", "Warranty", "Source"]) {
    await expect(page.getByRole("heading", { level: 2, name: group })).toBeVisible();
  }
  await expect(main).toContainText("From the mapping of its organization");
  await expect(main).toContainText("From the mapping of its node class");
  // Words, not the constants of the API.
  await expect(page.getByRole("definition").filter({ hasText: /^Approved$/ })).toBeVisible();
  await expect(main).not.toContainText("APPROVED");
  const link = page.getByRole("link", { name: /^Open in NinjaOne/ });
  const device = await read(http, "devices/get", { device_id: full.id });
  await expect(link).toHaveAttribute("href", new RegExp(`^${SIM_URL}/.*${device.source.remote_id}`));
  await expect(link).toHaveAttribute("rel", /noopener/);
  // Asked of NinjaOne while the page is open.
  const live = page.getByTestId("live-hardware");
  await expect(live).toContainText(/Processor.*\d+ cores/);
  await expect(live).toContainText(/Memory[\d.]+ GiB/);
  await expect(live).toContainText(/Disk .*\d+ [GT]B free \(\d+ %\)/);
  await expect(live).toContainText("As NinjaOne says now");
  await inspect(page, "08-device");
});

test("hardware that cannot be asked for is said so, and the page stays", async ({ page, http, watch }) => {
  watch.expectStatus(502, /devices\/raw/);
  const { items } = await read(http, "devices/list", { page_size: 200, status: "online" });
  const device = items.find((d: { last_user?: string }) => d.last_user);
  await sim("set_behaviour", { credentials_revoked: true });
  await open(page, `/devices/${device.id}`);
  const live = page.getByTestId("live-hardware");
  await expect(live.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Network" })).toBeVisible();
  await inspect(page, "08-hardware-not-asked");
  await heal();
  await live.getByRole("button", { name: "Try again" }).click();
  await expect(live).toContainText("GiB");
});

test("a device that is gone is said to be gone", async ({ page, watch }) => {
  watch.expectStatus(404, /devices\/00000000/);
  expect((await page.goto("/devices/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "Device not found" })).toBeVisible();
  await inspect(page, "08-gone");
  await page.getByRole("link", { name: "Show all devices" }).click();
  await expect(rows(page).first()).toBeVisible();
});

test("companies, locations and device types lead to their devices", async ({ page, http }) => {
  const { items } = await read(http, "companies/list", { search: "Harbour Dental" });
  await open(page, `/companies/${items[0].id}`);
  await page.getByRole("link", { name: `${items[0].device_count} devices` }).first().click();
  await expect(page).toHaveURL(`/devices?company=${items[0].id}`);
  await expect.poll(() => total(page)).toBe(items[0].device_count);
  await open(page, "/device-types?search=Laptop");
  const cell = page.locator("tr[data-device-type-id] td.num").first().getByRole("link");
  await cell.click();
  await expect(page.getByLabel("Filter by type").locator("option:checked")).toHaveText("Laptop");
});
