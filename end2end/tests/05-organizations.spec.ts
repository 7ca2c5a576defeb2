// Step 2 of the guide: organizations to companies.

import type { Page } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { FREE, NEAR, NORMALISED } from "./support/data";
import { choose, chooseByKeyboard, expectCompleted, inspect, mappingRow, open, pictures, reload, runPanel, tabCount, toast } from "./support/page";
import { organizationId, sim } from "./support/sim";
import { expect, test } from "./support/signed-in";

const company = (page: Page, organization: string) => page.getByRole("combobox", { name: `Company for ${organization}` });

async function openStep(page: Page, id: string, query = "") {
  await open(page, `/integrations/${id}/organizations${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Map organizations" })).toBeVisible();
}

async function expectStatus(page: Page, organization: string, status: string) {
  await expect(mappingRow(page, organization)).toHaveAttribute("data-status", status);
}

test.beforeEach(async ({ http }) => {
  await arrange.companies(http);
  await arrange.connected(http);
});

test("Quick Match maps what is certain and proposes what is near", async ({ page, http }) => {
  const id = await arrange.connected(http);
  await openStep(page, id);
  await expect.poll(() => tabCount(page, "Mapped")).toBe(0);
  const all = await tabCount(page, "All");
  await page.getByRole("button", { name: "Quick Match" }).click();
  const summary = page.getByRole("status", { name: "Quick Match result" });
  await expect(summary).toContainText(/Quick Match mapped \d+ organizations\./);
  const mapped = Number(/mapped (\d+)/.exec(await summary.innerText())?.[1]);
  expect(mapped).toBeGreaterThanOrEqual(13);
  await expect.poll(() => tabCount(page, "Mapped")).toBe(mapped);
  const [pending, unmapped] = [await tabCount(page, "Pending"), await tabCount(page, "Unmapped")];
  expect(mapped + pending + unmapped).toBe(all);
  expect(await arrange.counts(http, id)).toMatchObject({ organizations_mapped: mapped, organizations_pending: pending });

  await expect(company(page, "Harbour Dental Group")).toHaveValue("Harbour Dental Group");
  await expect(mappingRow(page, "Harbour Dental Group")).toContainText("by Quick Match");
  await expect(company(page, NORMALISED.organization)).toHaveValue(NORMALISED.company);
  for (const name of FREE) await expectStatus(page, name, "unmapped");
  await inspect(page, "05-organizations");

  // A near match waits for a person.
  const near = mappingRow(page, NEAR.organization);
  await expect(near).toHaveAttribute("data-status", "pending");
  await expect(near.getByTestId("proposal")).toContainText(new RegExp(`Proposed: ${NEAR.company}, \\d+ % sure`));
  await near.getByRole("button", { name: `Accept ${NEAR.company}` }).click();
  await expect(near).toHaveAttribute("data-status", "mapped");
  await expect(company(page, NEAR.organization)).toHaveValue(NEAR.company);
  await expect.poll(() => tabCount(page, "Pending")).toBe(pending - 1);
  await summary.getByRole("button", { name: "Dismiss" }).click();
  await expect(summary).toHaveCount(0);
});

test("an organization is mapped by keyboard, saves itself and stays", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id);
  const before = await tabCount(page, "Mapped");
  const field = company(page, "Vesper Audio");
  await field.focus();
  await field.press("Alt+ArrowDown");
  await expect(page.getByRole("listbox", { name: "Company for Vesper Audio" })).toBeVisible();
  await expect(page.getByRole("option", { name: "Alder Clinic" })).toBeVisible();
  await pictures(page, "05-organizations-list-open");
  await field.press("Escape");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(field).toBeFocused();

  // The arrows go on to the actions after the companies, and back.
  await field.pressSequentially("calder");
  const found = page.getByRole("option", { name: /^Calder Bikes/ });
  await expect(found).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("option")).toHaveCount(3);
  await field.press("ArrowDown");
  await expect(page.getByRole("option", { name: "Create company “Vesper Audio”" })).toHaveAttribute("aria-selected", "true");
  await field.press("ArrowUp");
  await expect(found).toHaveAttribute("aria-selected", "true");
  await field.press("Enter");
  await expect(field).toHaveValue("Calder Bikes");
  await expect(mappingRow(page, "Vesper Audio").getByText("Saved")).toBeVisible();
  await expectStatus(page, "Vesper Audio", "mapped");
  await expect.poll(() => tabCount(page, "Mapped")).toBe(before + 1);
  await reload(page);
  await expect(field).toHaveValue("Calder Bikes");
});

test("nothing found is said, and leaving the field changes nothing", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id, "?search=internal");
  const field = company(page, "Internal IT");
  await field.click();
  await field.fill("no such company");
  await expect(page.getByText("Nothing found.")).toBeVisible();
  await field.press("Tab");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(field).toHaveValue("");
  await expectStatus(page, "Internal IT", "unmapped");
});

test("unmap, ignore, stop ignoring, and create from here", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id);
  await choose(page, company(page, "Alder Clinic"), "Unmap");
  await expectStatus(page, "Alder Clinic", "unmapped");
  await expect(company(page, "Alder Clinic")).toHaveValue("");
  await chooseByKeyboard(page, company(page, "Alder Clinic"), "alder", /^Alder Clinic/);
  await expectStatus(page, "Alder Clinic", "mapped");

  const ignored = await tabCount(page, "Ignored");
  await choose(page, company(page, "Internal IT"), "Ignore this organization");
  await expectStatus(page, "Internal IT", "ignored");
  await expect.poll(() => tabCount(page, "Ignored")).toBe(ignored + 1);
  await choose(page, company(page, "Internal IT"), "Stop ignoring");
  await expectStatus(page, "Internal IT", "unmapped");
  await choose(page, company(page, "Internal IT"), "Ignore this organization");
  await expectStatus(page, "Internal IT", "ignored");

  await choose(page, company(page, "Old Mill Brewery"), "Create company “Old Mill Brewery”");
  await expectStatus(page, "Old Mill Brewery", "mapped");
  await expect(company(page, "Old Mill Brewery")).toHaveValue("Old Mill Brewery");
  const { items } = await read(http, "companies/list", { search: "Old Mill Brewery" });
  expect(items.map((c: { name: string }) => c.name)).toEqual(["Old Mill Brewery"]);
});

test("status, search and sort narrow the table and live in the address", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id);
  const rows = page.locator("tr[data-remote-id]");
  for (const [label, status] of [["Mapped", "mapped"], ["Unmapped", "unmapped"], ["Pending", "pending"]]) {
    const wanted = await tabCount(page, label);
    await page.getByRole("navigation", { name: "Filter by status" }).getByRole("link", { name: new RegExp(`^${label}`) }).click();
    await expect(page).toHaveURL(new RegExp(`status=${status}`));
    await expect(rows).toHaveCount(wanted);
    await expect(page.locator(`tr[data-status=${status}]`)).toHaveCount(wanted);
  }
  await openStep(page, id);
  await page.getByRole("searchbox", { name: "Search organizations" }).fill("garden");
  await expect(rows).toHaveCount(1);
  await expect.poll(() => tabCount(page, "All")).toBe(1);
  await page.getByRole("searchbox", { name: "Search organizations" }).fill("no such organization");
  await expect(page.getByText("No organization matches")).toBeVisible();
  await inspect(page, "05-none-matches");
  await page.getByRole("link", { name: "Show all organizations" }).click();

  await page.getByRole("columnheader", { name: "Devices" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=device_count/);
  await page.getByRole("columnheader", { name: "Devices" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=-device_count/);
  await expect(page.getByRole("columnheader", { name: "Devices" })).toHaveAttribute("aria-sort", "descending");
  await expect(mappingRow(page, "Harbour Dental Group")).toBeVisible();
  const devices = (await rows.locator("td.num").allInnerTexts()).map((text) => parseInt(text.replace(/\D/g, ""), 10));
  expect(devices).toEqual([...devices].sort((a, b) => b - a));
  expect(devices[0]).toBeGreaterThan(0);
});

test("a second tab that decided first is not overwritten", async ({ page, context, http, watch }) => {
  watch.expectStatus(409, /mappings\/save_organization/);
  const id = await arrange.mapped(http);
  const other = await context.newPage();
  await openStep(page, id, "?search=ridgeway");
  await openStep(other, id, "?search=ridgeway");
  const name = "Ridgeway Plumbing Supplies";
  await chooseByKeyboard(other, company(other, name), "quillfeather", /^Quillfeather Publishing/);
  await expectStatus(other, name, "mapped");
  await chooseByKeyboard(page, company(page, name), "norrland", /^Norrland Timber/);
  await expect(toast(page, "Somebody changed the mapping of this organization a moment ago.")).toBeVisible();
  await pictures(page, "05-conflict");
  await expect(company(page, name)).toHaveValue("Quillfeather Publishing");
  await choose(page, company(page, name), "Unmap");
  await expectStatus(page, name, "unmapped");
});

test("what could not be saved says so, and is sent again on request", async ({ page, http, watch }) => {
  watch.expectFailure(/mappings\/save_organization/);
  const id = await arrange.mapped(http);
  await openStep(page, id, "?search=ridgeway");
  const name = "Ridgeway Plumbing Supplies";
  await page.route("**/mappings/save_organization", (route) => route.abort("connectionrefused"));
  await chooseByKeyboard(page, company(page, name), "norrland", /^Norrland Timber/);
  const failure = mappingRow(page, name).getByRole("alert");
  await expect(failure).toContainText("Not saved.");
  await inspect(page, "05-not-saved");
  await page.unroute("**/mappings/save_organization");
  await failure.getByRole("button", { name: "Try again" }).click();
  await expectStatus(page, name, "mapped");
  await expect(failure).toHaveCount(0);
  await choose(page, company(page, name), "Unmap");
  await expectStatus(page, name, "unmapped");
});

test("the choices keep up with what is typed, and Enter waits for them", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id, "?search=ridgeway");
  const name = "Ridgeway Plumbing Supplies";
  const asked: string[] = [];
  await page.route("**/companies/list?*", async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get("search") ?? "");
    await new Promise((done) => setTimeout(done, 150));
    await route.continue();
  });
  const field = company(page, name);
  await field.focus();
  await page.keyboard.type("norrland", { delay: 20 });
  await page.keyboard.press("Enter");
  await expectStatus(page, name, "mapped");
  await expect(field, "the first choice of all that was typed").toHaveValue("Norrland Timber AB");
  expect(asked.at(-1)).toBe("norrland");
  expect(asked.length, "one question at a time").toBeLessThan(6);
  await page.unroute("**/companies/list?*");
  await choose(page, field, "Unmap");
  await expectStatus(page, name, "unmapped");
});

test("a sync from here shows itself and finds what is new", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await openStep(page, id);
  await sim("add_organization", { name: "Newly Signed Ltd" });
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(mappingRow(page, "Newly Signed Ltd")).toBeVisible({ timeout: 20_000 });
  await expectCompleted(runPanel(page, "Organization sync"));
  await sim("delete_organization", { id: await organizationId("Newly Signed Ltd") });
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(mappingRow(page, "Newly Signed Ltd")).toContainText("Missing in NinjaOne", { timeout: 20_000 });
});
