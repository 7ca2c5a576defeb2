// Settings > Integrations > Companies: companies beside their organizations.

import type { Locator, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, pictures, toast } from "./support/page";
import { SIM2_URL, sim } from "./support/sim";
import { expect, test } from "./support/signed-in";

const cell = (page: Page, company: string, integration = "") =>
  page.getByRole("combobox", { name: new RegExp(`^Organization of ${company} in ${integration}${integration && "$"}`) });

/** Types into a cell and takes what is found. */
async function take(page: Page, field: Locator, name: string) {
  await field.click();
  await field.fill(name.toLowerCase());
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).click();
}

test("organizations are linked, swapped and unlinked in the grid", async ({ page, http, watch }) => {
  test.setTimeout(120_000);
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
  await pictures(page, "15-none-matches");
  await page.getByRole("link", { name: "Show all companies" }).click();
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("gridiron one");
  await expect(page.locator("tr[data-company]")).toHaveCount(1);
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron One");

  await take(page, cell(page, "Gridley Club"), "Gridiron Two");
  await expect(toast(page, "“Gridiron Two” took the place of “Gridiron One”")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("gridley");
  await expect(page).toHaveURL(/search=gridley/);
  await expect(cell(page, "Gridley Club")).toHaveValue("Gridiron Two");
  await choose(page, cell(page, "Gridley Club"), "Link one more organization");
  await take(page, cell(page, "Gridley Club").nth(1), "Gridiron One");
  const dialog = page.getByRole("dialog", { name: "Please confirm" });
  await expect(dialog).toContainText("“Gridley Club” is the company of the organization “Gridiron Two” already");
  await pictures(page, "15-confirm");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await choose(page, cell(page, "Gridley Club").first(), "Unlink");
  await expect(toast(page, "is no longer linked to “Gridley Club”")).toBeVisible();
  await pictures(page, "15-undo");
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

test("two accounts stand side by side", async ({ page, http }) => {
  test.setTimeout(120_000);
  const first = await arrange.mapped(http);
  const second = await arrange.second(http);
  const { name: own } = await read(http, "integrations/get", { integration_id: first });
  const { total } = await read(http, "organizations/list", { integration_id: first, search: "twofold" });
  if (total === 0) {
    for (const name of ["Twofold East", "Twofold West"]) await sim("add_organization", { name });
    for (const name of ["Twofold Lab", "Twofold Yard"]) await sim("add_organization", { name }, SIM2_URL);
  }
  await write(http, "companies/import_csv", { csv: "name\nPairwise Holding\n", dry_run: false });
  for (const id of [first, second.id]) await arrange.sync(http, id, "organizations");
  await open(page, "/settings/integrations/companies?search=pairwise");
  for (const name of [own, second.name]) {
    await expect(page.getByRole("columnheader", { name: new RegExp(`^${name} Missing only`) })).toBeVisible();
  }
  const [left, right] = [cell(page, "Pairwise Holding", own), cell(page, "Pairwise Holding", second.name)];
  const missing = page.getByRole("navigation", { name: "Filter by what is missing" }).getByRole("link", { name: /^Missing/ });
  const rows = page.locator("tr[data-company]");

  // Each field finds the organizations of its own account.
  await right.click();
  await right.fill("twofold");
  await expect(page.getByRole("option", { name: /^Twofold/ })).toHaveText([/^Twofold Lab/, /^Twofold Yard/]);
  await page.keyboard.press("Escape");
  await take(page, left, "Twofold East");
  await expect(toast(page, "“Twofold East” is linked to “Pairwise Holding”.")).toBeVisible();
  // The row is there before and after; what is typed into the one from before would be lost with it.
  const answer = page.waitForResponse(/company_links\/list/);
  await missing.click();
  await answer;
  await expect(rows, "it has none in the other account yet").toHaveCount(1);
  await take(page, right, "Twofold Lab");
  await expect(page.getByText("No company matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all companies" }).click();
  await page.getByRole("searchbox", { name: "Search companies and organizations" }).fill("pairwise");
  await expect(rows).toHaveCount(1);
  await expect(left).toHaveValue("Twofold East");
  await expect(right).toHaveValue("Twofold Lab");
  await inspect(page, "15-two-accounts");

  await take(page, right, "Twofold Yard");
  await expect(toast(page, "“Twofold Yard” took the place of “Twofold Lab” at “Pairwise Holding”.")).toBeVisible();
  await expect(right).toHaveValue("Twofold Yard");
  await expect(left, "the other account is left alone").toHaveValue("Twofold East");
  await choose(page, right, "Unlink");
  await expect(right).toHaveValue("");
  await expect(left).toHaveValue("Twofold East");

  // What one account lacks, by its column.
  const lacking = (name: string) => page.getByRole("columnheader", { name: new RegExp(`^${name} `) }).getByRole("link", { name: "Missing only" });
  await lacking(second.name).click();
  await expect(page).toHaveURL(new RegExp(`integration=${second.id}`));
  await expect(rows.filter({ hasText: "Pairwise Holding" })).toHaveCount(1);
  await lacking(own).click();
  await expect(page).toHaveURL(new RegExp(`integration=${first}`));
  await expect(rows.filter({ hasText: "Pairwise Holding" })).toHaveCount(0);
  await pictures(page, "15-lacking");

  await write(http, "integrations/delete", { integration_id: second.id, confirm_name: second.name, devices: "keep" });
  await open(page, "/settings/integrations/companies?search=pairwise");
  await expect(cell(page, "Pairwise Holding")).toHaveCount(1);
  await expect(left).toHaveValue("Twofold East");
});
