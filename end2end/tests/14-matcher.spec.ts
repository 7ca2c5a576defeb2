// Mapping many: Quick Match and its way back, the keyboard, selections, what is confirmed, and who decided what.

import type { APIRequestContext, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { NEAR } from "./support/data";
import { choose, expectAccessible, inspect, mappingRow, open, pictures, tabCount, toast } from "./support/page";
import { member } from "./support/people";
import { sim } from "./support/sim";
import { expect, test } from "./support/signed-in";

const company = (page: Page, organization: string) => page.getByRole("combobox", { name: `Company for ${organization}` });
const two = (n: number) => String(n).padStart(2, "0");

async function openStep(page: Page, id: string, query = "") {
  await open(page, `/integrations/${id}/organizations${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Map organizations" })).toBeVisible();
}

/** Connected, and what Quick Match was sure of at first is mapped. */
async function ready(http: APIRequestContext): Promise<string> {
  const id = await arrange.mapped(http);
  await arrange.idle(http, id);
  return id;
}

/** Organizations of these names, and companies. */
async function named(http: APIRequestContext, id: string, organizations: string[], companies: string[]) {
  const { items } = await read(http, "organizations/list", { integration_id: id, search: organizations[0] });
  if (items.length > 0) return;
  for (const name of organizations) await sim("add_organization", { name });
  await write(http, "companies/import_csv", { csv: ["name", ...companies.map((c) => `"${c}"`), ""].join("\n"), dry_run: false });
  await arrange.sync(http, id, "organizations");
}

test("Quick Match says how much it would map, lists what it mapped, and is taken back", async ({ page, http }) => {
  const id = await ready(http);
  await named(http, id, ["Quickfire Gym", "Quickfire Gym West"], ["Quickfire Gym", "Quickfire Gym West"]);
  await openStep(page, id);
  const before = await tabCount(page, "Mapped");
  await page.getByRole("button", { name: "Choose how sure it has to be" }).click();
  const dialog = page.getByRole("dialog", { name: "How sure has Quick Match to be?" });
  await expect(dialog.getByRole("radio")).toHaveCount(6);
  await expect(dialog.getByRole("radio", { name: /usual/ })).toBeChecked();
  await inspect(page, "14-threshold");
  const strict = dialog.getByRole("radio", { name: /^99\.5 % sure/ });
  const told = Number(/maps (\d+)/.exec(await dialog.locator("label").filter({ hasText: "99.5 % sure" }).innerText())?.[1]);
  expect(told).toBeGreaterThanOrEqual(2);
  await strict.check();
  await dialog.getByRole("button", { name: new RegExp(`^Map ${told} organization`) }).click();
  const result = page.getByRole("status", { name: "Quick Match result" });
  await expect(result).toContainText(`Quick Match mapped ${told} organization`);
  await expect.poll(() => tabCount(page, "Mapped")).toBe(before + told);
  await result.getByRole("button", { name: "Show what was mapped" }).click();
  await expect(result.getByTestId("decision-rows").getByRole("listitem").filter({ hasText: "Quickfire Gym West" })).toContainText("→");
  await inspect(page, "14-quick-match-result");
  await result.getByRole("button", { name: "Undo all of it" }).click();
  await expect(toast(page, /^Undone/)).toBeVisible();
  await expect.poll(() => tabCount(page, "Mapped")).toBe(before);
});

test("a proposal says why, and what would be second", async ({ page, http }) => {
  const id = await arrange.connected(http);
  await write(http, "organizations/quick_match", { integration_id: id });
  await openStep(page, id, `?search=${encodeURIComponent(NEAR.organization)}`);
  const proposal = mappingRow(page, NEAR.organization).getByTestId("proposal");
  await expect(proposal).toContainText(/Proposed: Stonebridge Accountancy, \d+ % sure/);
  await proposal.getByText("Why?").click();
  await expect(proposal.getByRole("listitem").first()).toBeVisible();
  await pictures(page, "14-why");
});

test("who may only read is shown no keys that decide", async ({ page, http, browser, watch }) => {
  const id = await arrange.connected(http);
  const kim = await member(browser, http, "read");
  watch.on(kim.context());
  for (const [step, heading] of [["organizations", "Map organizations"], ["locations", "Map locations"]]) {
    await open(page, `/integrations/${id}/${step}`);
    await expect(page.getByRole("button", { name: "Keys" })).toBeVisible();
    await open(kim, `/integrations/${id}/${step}`);
    await expect(kim.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(kim.getByRole("button", { name: "Decisions" })).toBeVisible();
    await expect(kim.getByRole("button", { name: "Keys" })).toHaveCount(0);
  }
  await kim.context().close();
});

test("fifty organizations are mapped with the keyboard alone", async ({ page, http }) => {
  test.setTimeout(180_000);
  const id = await ready(http);
  const numbers = Array.from({ length: 50 }, (_, n) => n + 1);
  // Half of them Quick Match proposes, the others are found by typing.
  const near = (n: number) => n % 2 === 0;
  const organization = (n: number) => (near(n) ? `Keyhole Clinc ${two(n)}` : `Keyhole K${two(n)}`);
  const target = (n: number) => (near(n) ? `Keyhole Clinic ${two(n)}` : `Yonder Partner ${two(n)}`);
  await named(http, id, numbers.map(organization), numbers.map(target));
  await write(http, "organizations/quick_match", { integration_id: id, threshold: 1 });
  await openStep(page, id, "?search=keyhole");
  const rows = page.locator("tr[data-remote-id]");
  await expect(rows).toHaveCount(50);
  const first = rows.first().getByRole("combobox");
  await first.focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await inspect(page, "14-keys");
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);
  await expect(first).toBeFocused();

  for (let row = 0; row < 50; row++) {
    const field = page.locator("input[role=combobox]:focus");
    const label = (await field.getAttribute("aria-label")) ?? "";
    const name = label.replace("Company for ", "");
    const status = await mappingRow(page, name).getAttribute("data-status");
    if (status === "pending") {
      await page.keyboard.press("Enter");
    } else {
      const n = Number(/(\d+)$/.exec(name)?.[1]);
      await page.keyboard.type(target(n).toLowerCase());
      const option = page.getByRole("option", { name: target(n) });
      await expect(option).toHaveAttribute("aria-selected", "true");
      await page.keyboard.press("Enter");
    }
    await expect(mappingRow(page, name)).toHaveAttribute("data-status", "mapped");
  }
  await expect(page.locator("tr[data-status=mapped]")).toHaveCount(50);
  const { items } = await read(http, "organizations/list", { integration_id: id, search: "keyhole", page_size: 50 });
  for (const row of items) {
    expect(row.company?.name, row.name).toBe(target(Number(/(\d+)$/.exec(row.name)?.[1])));
  }

  // Up and down, ignore, unmap, and back.
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1).getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Alt+i");
  await expect(rows.nth(1)).toHaveAttribute("data-status", "ignored");
  await expect(toast(page, "is ignored.")).toBeVisible();
  await rows.nth(1).getByRole("combobox").focus();
  await page.keyboard.press("Control+z");
  await expect(toast(page, /^Undone/)).toBeVisible();
  await expect(rows.nth(1)).toHaveAttribute("data-status", "mapped");
  await expect(rows.nth(1).getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Alt+u");
  await expect(rows.nth(1)).toHaveAttribute("data-status", "unmapped");
  await page.keyboard.press("Control+z");
  await expect(rows.nth(1)).toHaveAttribute("data-status", "mapped");
});

test("a selection is ignored, created, unmapped at once, and taken back", async ({ page, http, watch }) => {
  watch.expectStatus(409, /organizations\/decide/);
  const id = await ready(http);
  const names = ["Bulkhead Alpha", "Bulkhead Beta", "Bulkhead Gamma"];
  await named(http, id, names, ["Bulkhead Delta"]);
  await openStep(page, id, "?search=bulkhead");
  await page.getByRole("checkbox", { name: "Select Bulkhead Alpha" }).check();
  await page.getByRole("checkbox", { name: "Select Bulkhead Beta" }).check();
  const bar = page.getByRole("region", { name: "Decide on the selected rows" });
  await expect(bar.getByRole("status")).toHaveText("2 selected");
  await inspect(page, "14-selection");
  await bar.getByRole("button", { name: "Ignore" }).click();
  await expect(toast(page, "Ignored 2 organizations.")).toBeVisible();
  await expect(mappingRow(page, "Bulkhead Alpha")).toHaveAttribute("data-status", "ignored");
  await expect(bar).toHaveCount(0);
  await toast(page, "Ignored 2 organizations.").getByRole("button", { name: "Undo" }).click();
  await expect(mappingRow(page, "Bulkhead Alpha")).toHaveAttribute("data-status", "unmapped");

  await page.getByRole("checkbox", { name: "Select Bulkhead Alpha" }).check();
  await bar.getByRole("button", { name: "Select all 3 matching" }).click();
  await expect(bar.getByRole("status")).toHaveText("3 selected");
  await bar.getByRole("button", { name: "Create companies" }).click();
  await expect(toast(page, "Created and mapped 3 organizations.")).toBeVisible();
  for (const name of names) await expect(company(page, name)).toHaveValue(name);

  // One company for several is confirmed first.
  await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
  await choose(page, bar.getByRole("combobox", { name: "Company for all selected" }), /^Bulkhead Delta/);
  const dialog = page.getByRole("dialog", { name: "Please confirm" });
  await expect(dialog).toContainText("“Bulkhead Delta” would be the company of several of these organizations");
  await inspect(page, "14-confirm");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(company(page, "Bulkhead Alpha")).toHaveValue("Bulkhead Alpha");
  await choose(page, bar.getByRole("combobox", { name: "Company for all selected" }), /^Bulkhead Delta/);
  await dialog.getByRole("button", { name: "Yes, go on" }).click();
  await expect(company(page, "Bulkhead Alpha")).toHaveValue("Bulkhead Delta");

  await page.getByRole("button", { name: "Decisions" }).click();
  const decisions = page.getByRole("dialog", { name: "Decisions" });
  const last = decisions.getByRole("listitem").first();
  await expect(last).toContainText("Mapped: 3 organizations");
  await last.getByRole("button", { name: "Show rows" }).click();
  await expect(last.getByTestId("decision-rows")).toContainText("Bulkhead Gamma");
  await inspect(page, "14-decisions");
  await last.getByRole("button", { name: /^Undo/ }).click();
  await expect(company(page, "Bulkhead Alpha")).toHaveValue("Bulkhead Alpha");
});

test("what moves imported devices is said first, and done by a run", async ({ page, http, watch }) => {
  watch.expectStatus(409, /mappings\/save_organization/);
  const id = await arrange.imported(http);
  const { items } = await read(http, "organizations/list", { integration_id: id, search: "Harbour Dental Group" });
  const row = items[0];
  await openStep(page, id, `?search=${encodeURIComponent(row.name)}`);
  await company(page, row.name).click();
  await company(page, row.name).fill("quillfeather");
  await page.getByRole("option", { name: /^Quillfeather Publishing/ }).click();
  const dialog = page.getByRole("dialog", { name: "Please confirm" });
  await expect(dialog).toContainText(`from “${row.company.name}” to “Quillfeather Publishing”`);
  await pictures(page, "14-moves");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(company(page, row.name)).toHaveValue(row.company.name);
  await company(page, row.name).click();
  await company(page, row.name).fill("quillfeather");
  await page.getByRole("option", { name: /^Quillfeather Publishing/ }).click();
  await dialog.getByRole("button", { name: "Yes, go on" }).click();
  await expect(company(page, row.name)).toHaveValue("Quillfeather Publishing");
  await expect.poll(async () => (await read(http, "runs/list", { integration_id: id, kind: "remap" })).items[0]?.state).toBe("completed");
  const [run] = (await read(http, "runs/list", { integration_id: id, kind: "remap" })).items;
  expect(run.counts.moved).toBeGreaterThan(0);
  await open(page, `/integrations/${id}/runs/${run.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Re-mapping" })).toBeVisible();
  await expect(page.getByText("Quillfeather Publishing").first()).toBeVisible();
  await inspect(page, "14-remap-run");
  // And back.
  const [decision] = (await read(http, "mappings/decisions", { integration_id: id })).items;
  await write(http, "mappings/undo", { decision_id: decision.id, confirm: true });
  await arrange.idle(http, id);
});

test("locations of one organization go to one site at once", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await write(http, "organizations/quick_match", { integration_id: id });
  await open(page, `/integrations/${id}/locations?search=harbour`);
  await page.getByRole("link", { name: "Harbour Dental Group" }).first().click();
  await expect(page).toHaveURL(/organization=/);
  await expect(page.getByText("Only locations of one organization are shown.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Select all rows of this page" }).check();
  const bar = page.getByRole("region", { name: "Decide on the selected rows" });
  await choose(page, bar.getByRole("combobox", { name: "Location for all selected" }), /^Quayside/);
  await expect(toast(page, /^Mapped \d+ locations?\./)).toBeVisible();
  for (const field of await page.locator("tr[data-remote-id] input[role=combobox]").all()) await expect(field).toHaveValue("Quayside");
  await expectAccessible(page);
  await page.keyboard.press("Control+z");
  await expect(toast(page, /^Undone/)).toBeVisible();
});
