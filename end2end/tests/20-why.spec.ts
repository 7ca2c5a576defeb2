// Why?: one box that says why a device is where it is, or why it is not here.

import type { Page } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { inspect, open } from "./support/page";
import { expect, test } from "./support/signed-in";

const box = (page: Page) => page.getByRole("searchbox", { name: "Serial, name, MAC, IP or NinjaOne id" });
const chain = (page: Page) => page.getByTestId("why-chain");

test.beforeEach(async ({ http }) => {
  await arrange.imported(http);
});

test("a device is found by anything it is called, and each step leads on", async ({ page, http }) => {
  const { items } = await read(http, "devices/list", { page_size: 200, status: "online" });
  let device;
  for (const row of items.filter((d: { serial?: string; location?: object }) => d.serial && d.location)) {
    const { total } = await read(http, "devices/list", { search: row.name });
    const found = await read(http, "devices/get", { device_id: row.id });
    if (total === 1 && found.facts.mac_addresses.length) device = found;
    if (device) break;
  }
  expect(device, "a device with a serial number and a MAC address").toBeTruthy();
  await open(page, "/why");
  await expect(page.getByRole("heading", { level: 1, name: "Why?" })).toBeVisible();
  await box(page).fill(device.facts.serial);
  await expect(chain(page)).toContainText(`at ${device.company.name}`);
  await expect(chain(page).locator("li[data-step]").first()).toHaveAttribute("data-step", "seen");
  await expect(chain(page)).toContainText("is mapped to");
  await inspect(page, "20-why");
  const mac = device.facts.mac_addresses[0].replaceAll(":", "-").toLowerCase();
  for (const text of [mac, device.source.remote_id, device.facts.name]) {
    await box(page).fill(text);
    await expect(page).toHaveURL(new RegExp(`search=${encodeURIComponent(text)}`));
    await expect(chain(page).getByRole("heading", { level: 2, name: device.facts.name })).toBeVisible();
  }
  await chain(page).getByRole("link", { name: "That sync" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await page.goBack();
  await chain(page).getByRole("link", { name: device.company.name, exact: true }).click();
  await expect(page).toHaveURL(`/companies/${device.company.id}`);
});

test("one that is not imported says what is in the way", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "staged_devices/list", { integration_id: id, status: "blocked" });
  expect(items.length).toBeGreaterThan(0);
  const row = items[0];
  await open(page, `/why?search=${encodeURIComponent(row.remote_id)}`);
  await page.getByRole("link", { name: row.name, exact: true }).or(chain(page)).first().waitFor();
  if (!(await chain(page).isVisible())) await page.getByRole("link", { name: row.name, exact: true }).first().click();
  await expect(chain(page)).toContainText("It is not in the inventory");
  await expect(chain(page).locator("li[data-step=blocked]")).toContainText("Not imported.");
  await expect(chain(page).getByRole("link", { name: "Its mapping" })).toHaveAttribute("href", new RegExp(`/integrations/${id}/organizations`));
  await inspect(page, "20-why-blocked");
});

test("several that fit are to choose from", async ({ page }) => {
  await open(page, "/why?search=-0");
  const fitting = page.getByRole("region", { name: "Devices that fit" });
  await expect(fitting.locator("li[data-candidate]").nth(2)).toBeVisible();
  await inspect(page, "20-why-several");
  const third = fitting.locator("li[data-candidate]").nth(2).getByRole("link");
  const name = await third.innerText();
  await third.click();
  await expect(chain(page).getByRole("heading", { level: 2 })).toHaveText(name);
  await expect(third).toHaveAttribute("aria-current", "true");
});

test("an empty search of the devices leads here, and nothing found says where was looked", async ({ page }) => {
  await open(page, "/devices");
  await page.getByRole("searchbox", { name: "Search devices" }).fill("no such device");
  await page.getByRole("link", { name: "Why is it not here?" }).click();
  await expect(page).toHaveURL("/why?search=no%20such%20device");
  await expect(box(page)).toHaveValue("no such device");
  const nothing = page.getByRole("region", { name: "Nothing fits" });
  await expect(nothing).toContainText("What to check");
  await expect(nothing).toContainText(/It read \d+ devices/);
  await expect(nothing).toContainText("approved in NinjaOne");
  await inspect(page, "20-why-nothing");
});
