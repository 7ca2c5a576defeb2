// Settings > Integrations > Companies: companies beside their organizations.

import type { Locator, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, toast } from "./support/page";
import { sim } from "./support/sim";
import { expect, test } from "./support/signed-in";

const cell = (page: Page, company: string) => page.getByRole("combobox", { name: new RegExp(`^Organization of ${company} in `) });

/** Types into a cell and takes what is found. */
async function take(page: Page, field: Locator, name: string) {
  await field.click();
  await field.fill(name.toLowerCase());
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).click();
}

test("organizations are linked, swapped and unlinked in the grid", async ({ page, http, watch }) => {
  watch.expectStatus(409, /mappings\/save_organization/);
  const id = await arrange.mapped(http);
  // A second try finds them there.
  const { total } = await read(http, "organizations/list", { integration_id: id, search: "gridiron" });
  if (total === 0) for (const name of ["Gridiron One", "Gridiron Two"]) await sim("add_organization", { name });
  await write(http, "companies/import_csv", { csv: "name\nGridley Club\n", dry_run: false });
  await arrange.sync(http, id, "organizations");
  await open(page, "/settings/integrations");
  await page.getByRole("link", { name: "Companies and organizations" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Companies and organizations" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: /^NinjaOne/ })).toBeVisible();
  await inspect(page, "15-grid");

  await page.getByRole("navigation", { name: "Filter by what is missing" }).getByRole("link", { name: /^Missing/ }).click();
  await expect(page).toHaveURL(/missing=1/);
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("gridley");
  await expect(page.locator("tr[data-company]")).toHaveCount(1);
  await take(page, cell(page, "Gridley Club"), "Gridiron One");
  await expect(toast(page, "“Gridiron One” is linked to “Gridley Club”.")).toBeVisible();
  await expect(page.getByText("No company matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all companies" }).click();
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("gridiron one");
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron One");

  await take(page, cell(page, "Gridley Club"), "Gridiron Two");
  await expect(toast(page, "“Gridiron Two” took the place of “Gridiron One”")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("gridley");
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron Two");
  await choose(page, cell(page, "Gridley Club"), "Link one more organization");
  await take(page, cell(page, "Gridley Club").nth(1), "Gridiron One");
  const dialog = page.getByRole("dialog", { name: "Please confirm" });
  await expect(dialog).toContainText("“Gridley Club” is the company of the organization “Gridiron Two” already");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await choose(page, cell(page, "Gridley Club").first(), "Unlink");
  await expect(toast(page, "is no longer linked to “Gridley Club”")).toBeVisible();
  await expect(cell(page, "Gridley Club")).toHaveCount(1);
  await expect(cell(page, "Gridley Club")).toHaveValue("");
  await page.keyboard.press("Control+z");
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron Two");
  await page.keyboard.press("Control+z");
  await expect(toast(page, /^Undone/)).toBeVisible();
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron One");
  await page.keyboard.press("Control+z");
  await expect(cell(page, "Gridley Club")).toHaveValue("");
});
