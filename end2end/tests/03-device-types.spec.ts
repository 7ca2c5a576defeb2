// Device types: a sensible set to begin with, and the user's own.

import type { Page } from "@playwright/test";
import { expectFieldError, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

test("a new portal has device types", async ({ page }) => {
  await open(page, "/device-types");
  for (const name of ["Laptop", "Network Switch", "Server", "Workstation"]) await expect(row(page, name)).toBeVisible();
  await inspect(page, "03-device-types");
});

test("one is created, renamed, archived and brought back", async ({ page, watch }) => {
  watch.expectStatus(409, /device_types\/create/);
  await open(page, "/device-types");
  await page.getByRole("button", { name: "New device type" }).click();
  const dialog = page.getByRole("dialog");
  const name = dialog.getByLabel("Name", { exact: true });
  await name.fill("laptop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expectFieldError(name, 'There is a device type named "laptop" already.');
  await name.fill("Point of sale");
  await name.press("Enter");
  await expect(row(page, "Point of sale")).toBeVisible();

  await page.getByRole("button", { name: "Edit Point of sale" }).click();
  await expect(dialog.getByRole("heading", { name: "Rename Point of sale" })).toBeVisible();
  await name.fill("Cash register");
  await name.press("Enter");
  await expect(row(page, "Cash register")).toBeVisible();
  await expect(row(page, "Point of sale")).toHaveCount(0);

  await page.getByRole("button", { name: "Archive Cash register" }).click();
  await expect(row(page, "Cash register")).toHaveCount(0);
  await toast(page, "Cash register is archived.").getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Cash register")).toBeVisible();
  await page.getByRole("button", { name: "Archive Cash register" }).click();
  await page.getByRole("link", { name: "Archived" }).click();
  await page.getByRole("button", { name: "Restore Cash register" }).click();
  await page.getByRole("link", { name: "Active" }).click();
  await expect(row(page, "Cash register")).toBeVisible();
});

test("they can be searched and sorted", async ({ page }) => {
  await open(page, "/device-types");
  await page.getByRole("searchbox", { name: "Search device types" }).fill("virtual");
  await expect(page.getByRole("rowheader")).toHaveText(["Virtual Host", "Virtual Machine"]);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page.getByRole("rowheader")).toHaveText(["Virtual Machine", "Virtual Host"]);
  await expect(page).toHaveURL(/search=virtual/);
});
