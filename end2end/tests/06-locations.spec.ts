// Step 3 of the guide: locations to PSA locations, inside the mapped company.

import type { Page } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, pictures, reload, tabCount } from "./support/page";
import { expect, test } from "./support/signed-in";

const row = (page: Page, location: string, organization: string) =>
  page
    .locator("tr[data-remote-id]")
    .filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${location}`) }) })
    .filter({ hasText: organization });

test.beforeEach(async ({ http }) => {
  await arrange.companies(http);
});

test("Quick Match maps the locations of mapped organizations", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await open(page, `/integrations/${id}/organizations`);
  await page.getByRole("link", { name: /^Next/ }).click();
  await expect(page).toHaveURL(`/integrations/${id}/locations`);
  await expect(page.getByRole("heading", { level: 1, name: "Map locations" })).toBeVisible();
  await expect(page.getByText("This step is optional.")).toBeVisible();
  await page.getByRole("button", { name: "Quick Match" }).click();
  await expect(page.getByRole("status", { name: "Quick Match result" })).toContainText(/Quick Match mapped \d+ location/);
  const site = row(page, "Northgate Surgery", "Harbour Dental Group");
  await expect(site.getByRole("combobox")).toHaveValue("Northgate Surgery");
  await expect(site).toHaveAttribute("data-status", "mapped");
  expect(await tabCount(page, "Mapped")).toBe((await arrange.counts(http, id)).locations_mapped);
  await inspect(page, "06-locations");
});

test("only locations of the mapped company are offered, and the choice saves itself", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await open(page, `/integrations/${id}/locations?search=container`);
  await expect(page.getByText("No location matches")).toBeVisible();
  await pictures(page, "06-none-matches");
  await open(page, `/integrations/${id}/locations?search=depot`);
  const site = row(page, "Depot", "Dawnfield Logistics");
  const field = site.getByRole("combobox");
  await field.click();
  const offered = page.getByRole("listbox").getByRole("option");
  await expect(offered.filter({ hasText: "Container Terminal" })).toBeVisible();
  await pictures(page, "06-list-open");
  const { items } = await read(http, "companies/list", { search: "Dawnfield" });
  const { items: own } = await read(http, "locations/list", { company_id: items[0].id });
  const texts = (await offered.locator("span:first-child").allInnerTexts()).filter((t) => !/^(Create|Ignore|Unmap|Reject|Stop)/.test(t));
  expect(texts.sort()).toEqual(own.map((l: { name: string }) => l.name).sort());
  await offered.filter({ hasText: "Container Terminal" }).click();
  await expect(site.getByText("Saved")).toBeVisible();
  await reload(page);
  await expect(field).toHaveValue("Container Terminal");
  await choose(page, field, "Unmap");
  await expect(site).toHaveAttribute("data-status", "unmapped");
  await expect(field).toHaveValue("");
  await choose(page, field, /^Depot/);
  await expect(site).toHaveAttribute("data-status", "mapped");
});

test("a location of an unmapped organization says where to go first", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await open(page, `/integrations/${id}/locations?search=trade`);
  const site = row(page, "Trade Counter", "Ridgeway Plumbing Supplies");
  await expect(site).toContainText("The organization is not mapped to a company yet.");
  await expect(site.getByRole("combobox")).toHaveCount(0);
  await pictures(page, "06-organization-first");
  await site.getByRole("link", { name: "Map the organization" }).click();
  await expect(page).toHaveURL(/\/organizations\?search=Ridgeway/);
  await expect(page.getByRole("combobox", { name: "Company for Ridgeway Plumbing Supplies" })).toBeVisible();
});
