// What people do with devices: fields that they own, history, undo, archive, devices by hand.

import type { Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, reload } from "./support/page";
import { expect, test } from "./support/signed-in";

const entry = (page: Page, kind: string) => page.locator(`li[data-kind=${kind}]`);

test.beforeEach(async ({ http }) => {
  await arrange.imported(http);
});

test("a field that a person sets is theirs, says what NinjaOne says, and can be released", async ({ page, http, watch }) => {
  watch.expectStatus(422, /devices\/update/);
  const id = await arrange.imported(http);
  const { items } = await read(http, "devices/list", { page_size: 5, sort: "-name", status: "online" });
  const device = items[2];
  await open(page, `/devices/${device.id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Edit ${device.name}` });
  await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
  await dialog.getByLabel("Name", { exact: true }).fill("");
  await dialog.getByLabel("Owner's e-mail (optional)").fill("nobody");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Name cannot be empty.")).toBeVisible();
  await dialog.getByLabel("Name", { exact: true }).fill("Zebra kiosk");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Enter an e-mail address such as")).toBeVisible();
  await inspect(page, "16-device-form");
  await dialog.getByLabel("Owner's e-mail (optional)").fill("kit@contoso.example");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Zebra kiosk" })).toBeVisible();
  const owned = page.locator("[data-owned=name]");
  await expect(owned).toContainText(`NinjaOne says “${device.name}”.`);
  await expect(entry(page, "edited").first()).toContainText("Zebra kiosk");

  await arrange.sync(http, id, "devices");
  await reload(page);
  await expect(page.getByRole("heading", { level: 1, name: "Zebra kiosk" })).toBeVisible();
  await inspect(page, "16-device-owned");
  await page.getByRole("button", { name: "Release name" }).click();
  await expect(page.getByRole("heading", { level: 1, name: device.name, exact: true })).toBeVisible();
  await expect(owned).toHaveCount(0);
  await expect(entry(page, "released")).toHaveCount(1);

  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Zebra kiosk" })).toBeVisible();
  await entry(page, "edited").first().getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone for 1 device.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: device.name, exact: true })).toBeVisible();
  await expect(page.locator("[data-owned]")).toHaveCount(0);
});

test("an edit of one device is taken back where it was said to be saved", async ({ page, http }) => {
  const { items } = await read(http, "devices/list", { page_size: 5, sort: "-name", status: "online" });
  const device = items[3];
  await open(page, `/devices/${device.id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Edit ${device.name}` });
  await dialog.getByLabel("Name", { exact: true }).fill("Front desk tablet");
  await dialog.getByRole("button", { name: "Save" }).click();
  const saved = page.getByRole("status").filter({ hasText: "Front desk tablet is saved." });
  await saved.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone for 1 device.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: device.name, exact: true })).toBeVisible();
  await expect(page.locator("[data-owned]")).toHaveCount(0);
  // Nothing that was changed, nothing to take back.
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("status").getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("a device is archived and restored, and the edits are listed with the way back", async ({ page, http }) => {
  const { items } = await read(http, "devices/list", { page_size: 5, sort: "-name" });
  await open(page, `/devices/${items[0].id}`);
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByTestId("archived")).toBeVisible();
  await inspect(page, "16-device-archived");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("archived")).toHaveCount(0);
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByTestId("archived")).toBeVisible();

  await open(page, "/devices/edits");
  await expect(page.getByRole("heading", { level: 1, name: "Edits of devices" })).toBeVisible();
  await inspect(page, "16-edits");
  const row = page.locator("tr[data-edit-id]").first();
  await expect(row).toContainText("Archived");
  await row.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Undone");
  await open(page, `/devices/${items[0].id}`);
  await expect(page.getByTestId("archived")).toHaveCount(0);
});

test("a second tab that changed the device first is not overwritten", async ({ page, http, watch }) => {
  watch.expectStatus(409, /devices\/update/);
  const { items } = await read(http, "devices/list", { page_size: 5, sort: "-name" });
  const device = items[1];
  await open(page, `/devices/${device.id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Asset tag (optional)").fill("A-1");
  const update = { device_id: device.id, fields: [{ field: "asset_tag", value: "B-2" }] };
  await write(http, "devices/update", update);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Somebody changed this", { exact: false })).toBeVisible();
  await dialog.getByRole("button", { name: /reload|theirs|load/i }).first().click();
  await expect(dialog.getByLabel("Asset tag (optional)")).toHaveValue("B-2");
});

test("a device is added by hand", async ({ page, http, watch }) => {
  watch.expectStatus(422, /devices\/create/);
  await open(page, "/devices");
  await page.getByRole("button", { name: "Add device" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a device" });
  await dialog.getByLabel("Name", { exact: true }).fill("مكتب 🚀 Projector");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Company is needed.")).toBeVisible();
  await choose(page, dialog.getByRole("combobox", { name: "Company" }), /^Dawnfield Logistics/);
  await choose(page, dialog.getByRole("combobox", { name: "Device type" }), /^Other/);
  await dialog.getByLabel("MAC addresses (optional)").fill("00-11-22-33-44-5f");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "مكتب 🚀 Projector" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("00:11:22:33:44:5F");
  await expect(entry(page, "created")).toHaveCount(1);
  const { items } = await read(http, "devices/list", { search: "00:11:22:33:44:5f" });
  expect(items).toHaveLength(1);
});

test("many devices are edited at once, and taken back at once", async ({ page, http }) => {
  const { id: company } = (await read(http, "companies/list", { search: "Dawnfield" })).items[0];
  const before = await read(http, "devices/list", { company, page_size: 200 });
  expect(before.total).toBeGreaterThan(3);
  await open(page, `/devices?company=${company}`);
  const boxes = page.locator("tr[data-device-id]").getByRole("checkbox");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const bar = page.getByRole("region", { name: "Edit the selected devices" });
  await expect(bar).toContainText("2 selected");
  await choose(page, bar.getByRole("combobox", { name: "Set the type" }), /^Other/);
  await expect(page.getByText("Changed 2 devices.")).toBeVisible();
  await expect(bar).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(page.getByText("Undone for 2 devices.")).toBeVisible();

  await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
  await bar.getByRole("button", { name: "Set the owner" }).click();
  const dialog = page.getByRole("dialog", { name: "Set the owner" });
  await dialog.getByLabel("Owner's e-mail").fill("nobody");
  await dialog.getByRole("button", { name: "Set the owner" }).click();
  await expect(dialog.getByText("Enter an e-mail address")).toBeVisible();
  await dialog.getByLabel("Owner's e-mail").fill("desk@contoso.example");
  await inspect(page, "16-bulk");
  await dialog.getByRole("button", { name: "Set the owner" }).click();
  await expect(page.getByText(/^Changed \d+ devices\./)).toBeVisible();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/^Undone for \d+ devices\./)).toBeVisible();

  // All that match, archived and brought back.
  await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
  await bar.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("No device matches")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.locator("tr[data-device-id]").first()).toBeVisible();
  const after = await read(http, "devices/list", { company, page_size: 200 });
  expect(after.total).toBe(before.total);
});
