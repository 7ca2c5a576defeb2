// Step 4 of the guide: device types, staged devices, import.

import type { Locator, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, chooseByKeyboard, expectCompleted, inspect, open, pictures, reload, runPanel, tabCount, toast } from "./support/page";
import { simState, slow } from "./support/sim";
import { expect, test } from "./support/signed-in";

const classRow = (page: Page, nodeClass: string) => page.locator(`tr[data-node-class=${nodeClass}]`);
const typeOf = (page: Page, nodeClass: string) => page.getByRole("combobox", { name: `Device type for ${nodeClass}`, exact: true });
const stagedRows = (page: Page) => page.getByRole("table", { name: "Staged devices" }).locator("tbody tr");
const results = (page: Page) => page.getByTestId("import-results");

async function openStep(page: Page, id: string, query = "") {
  await open(page, `/integrations/${id}/devices${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Import devices" })).toBeVisible();
}

/** Presses the button that imports what is selected, waits for the end and answers the panel. */
async function importSelected(page: Page, n: number): Promise<Locator> {
  const earlier = runPanel(page, "Device import");
  const before = (await earlier.count()) ? await earlier.getAttribute("data-run-id") : null;
  await page.getByRole("button", { name: `Import ${n} device${n === 1 ? "" : "s"}`, exact: true }).click();
  const panel = runPanel(page, "Device import");
  if (before) await expect(panel).not.toHaveAttribute("data-run-id", before);
  await expect(panel).toHaveAttribute("data-run-state", /^completed/, { timeout: 30_000 });
  return panel;
}

const figure = (panel: Locator, word: string) =>
  panel.locator("dl > div").filter({ hasText: word }).locator("dd");

test("the first device sync is shown as it goes", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await open(page, `/integrations/${id}/locations`);
  await page.getByRole("link", { name: /^Next/ }).click();
  await expect(page).toHaveURL(`/integrations/${id}/devices`);
  await expect(page.getByTestId("never-synced")).toContainText("No device sync has been completed yet.");
  await expect(page.getByText("No node classes yet")).toBeVisible();
  await expect(page.getByText("No devices have been read yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sync devices", exact: true })).toBeEnabled();
  await inspect(page, "07-import-before-sync");

  await slow(0.5);
  await page.getByRole("button", { name: "Sync devices now" }).click();
  const panel = runPanel(page, "Device sync");
  await expect(panel).toHaveAttribute("data-run-state", "running");
  await expect(panel.getByRole("progressbar")).toBeVisible();
  await expect(panel).toContainText(/Reading/);
  await pictures(page, "07-import-syncing");
  await slow(0);
  await expectCompleted(panel);
  await expect(page.getByTestId("never-synced")).toHaveCount(0);
  const { approved_devices } = await simState();
  await expect(classRow(page, "WINDOWS_SERVER")).toBeVisible();
  await expect.poll(() => tabCount(page, "All")).toBe(approved_devices);
  expect(await tabCount(page, "Ready")).toBe(0);
});

test("node classes are mapped by hand, by Quick Match and by Quick Create", async ({ page, http }) => {
  const id = await arrange.staged(http);
  await openStep(page, id);
  await expect(typeOf(page, "MAC")).toHaveValue("");
  await expect(classRow(page, "MAC").getByRole("switch")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Import all devices of MAC" })).toBeDisabled();
  await chooseByKeyboard(page, typeOf(page, "MAC"), "lap", "Laptop");
  await expect(classRow(page, "MAC").getByText("Saved")).toBeVisible();
  await expect(page.getByRole("button", { name: "Import all devices of MAC" })).toBeEnabled();

  await page.getByRole("button", { name: "Quick Match" }).click();
  await expect(toast(page, /\d+ node classes mapped\./)).toBeVisible();
  await expect(typeOf(page, "WINDOWS_SERVER")).toHaveValue("Server");
  await expect(typeOf(page, "MAC")).toHaveValue("Laptop");
  await expect(typeOf(page, "QUANTUM_TOASTER")).toHaveValue("");
  await page.getByRole("button", { name: "Quick Create" }).click();
  await expect(toast(page, /device types? created\./)).toBeVisible();
  await expect(typeOf(page, "QUANTUM_TOASTER")).not.toHaveValue("");
  for (const row of await page.locator("tr[data-node-class]").all()) await expect(row.getByRole("combobox")).not.toHaveValue("");

  // Auto-sync saves itself.
  const auto = page.getByRole("switch", { name: "Auto-sync WINDOWS_SERVER" });
  await auto.check();
  await expect(classRow(page, "WINDOWS_SERVER").getByText("On", { exact: true })).toBeVisible();
  await choose(page, typeOf(page, "CLOUD_MONITOR_TARGET"), "Unmap");
  await expect(typeOf(page, "CLOUD_MONITOR_TARGET")).toHaveValue("");
  await choose(page, typeOf(page, "ANDROID"), "Ignore this node class");
  await expect(typeOf(page, "ANDROID")).toHaveValue("Ignored");
  await reload(page);
  await expect(auto).toBeChecked();
  await expect(typeOf(page, "CLOUD_MONITOR_TARGET")).toHaveValue("");
  await expect(typeOf(page, "ANDROID")).toHaveValue("Ignored");
  await inspect(page, "07-import");
});

test.describe("with device types", () => {
  test.beforeEach(async ({ http }) => {
    const id = await arrange.staged(http);
    await write(http, "node_classes/quick_match", { integration_id: id });
    await write(http, "node_classes/quick_create", { integration_id: id });
    await write(http, "mappings/save_node_class", { integration_id: id, node_class: "CLOUD_MONITOR_TARGET", unmap: true });
  });

  test("staged devices are searched, filtered, sorted and paged", async ({ page, http }) => {
    const id = await arrange.staged(http);
    await openStep(page, id);
    const [all, ready, done, blocked] = await Promise.all(["All", "Ready", "Imported", "Blocked"].map((t) => tabCount(page, t)));
    expect(ready + done + blocked).toBe(all);
    expect(ready).toBeGreaterThan(100);
    expect(blocked).toBeGreaterThan(0);
    await expect(stagedRows(page)).toHaveCount(50);

    await page.getByRole("link", { name: "Next page" }).click();
    await expect(page).toHaveURL(/page=2/);
    await expect(page.getByText(`51 to 100 of ${all}`)).toBeVisible();

    await page.getByLabel("Filter by type").selectOption("CLOUD_MONITOR_TARGET");
    await expect(page).toHaveURL(/class=CLOUD_MONITOR_TARGET/);
    await expect(page).not.toHaveURL(/page=2/);
    await expect(stagedRows(page).first()).toContainText("CLOUD_MONITOR_TARGET");
    await expect(stagedRows(page).first()).toContainText("The device type is not mapped.");
    await expect.poll(() => tabCount(page, "Blocked")).toBe(await stagedRows(page).count());
    await page.getByLabel("Filter by type").selectOption("");
    await expect.poll(() => tabCount(page, "All")).toBe(all);

    await chooseByKeyboard(page, page.getByRole("combobox", { name: "Filter by organization" }), "dawn", "Dawnfield Logistics");
    await expect(page).toHaveURL(/organization=\d+/);
    await expect.poll(() => tabCount(page, "All")).toBeLessThan(all);
    const shown = Math.min(await tabCount(page, "All"), 50);
    const companies = page.getByRole("table", { name: "Staged devices" }).getByRole("link", { name: "Dawnfield Logistics" });
    await expect(companies).toHaveCount(shown);
    await expect(stagedRows(page)).toHaveCount(shown);
    await choose(page, page.getByRole("combobox", { name: "Filter by organization" }), "All organizations");
    await expect.poll(() => tabCount(page, "All")).toBe(all);

    await page.getByRole("navigation", { name: "Filter by status" }).getByRole("link", { name: /^Blocked/ }).click();
    await expect(page.locator("tr[data-status=blocked]")).toHaveCount(Math.min(blocked, 50));
    await page.getByRole("columnheader", { name: "Device name" }).getByRole("link").click();
    await expect(page).toHaveURL(/sort=-name/);
    await expect(page).toHaveURL(/status=blocked/);

    const { items } = await read(http, "staged_devices/list", { integration_id: id, status: "ready", page_size: 1 });
    await openStep(page, id);
    await page.getByRole("searchbox", { name: "Search staged devices" }).fill(items[0].name.toUpperCase());
    await expect(stagedRows(page).first()).toContainText(items[0].name);
    await expect.poll(() => tabCount(page, "All")).toBeLessThan(10);
    await page.getByRole("searchbox", { name: "Search staged devices" }).fill("no such device");
    await expect(page.getByText("No device matches")).toBeVisible();
  });

  test("two devices are chosen one by one and imported", async ({ page, http }) => {
    const id = await arrange.staged(http);
    await openStep(page, id, "?status=ready");
    await expect(page.getByRole("button", { name: "Import selected" })).toBeDisabled();
    const [first, second] = (await stagedRows(page).getByRole("checkbox").all()).slice(0, 2);
    const name = (await first.getAttribute("aria-label"))?.replace("Select ", "") ?? "";
    await first.check();
    await second.check();
    await expect(page.getByText("2 selected")).toBeVisible();
    const panel = await importSelected(page, 2);
    await expect(figure(panel, "Created")).toHaveText("2");
    await expect(figure(panel, "Failed")).toHaveText("0");
    await results(page).getByRole("button", { name: "All" }).click();
    await expect(results(page).locator("tr[data-outcome=created]")).toHaveCount(2);
    await results(page).getByRole("link", { name }).first().click();
    await expect(page).toHaveURL(/\/devices\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  test("a whole page can be chosen, and taken back", async ({ page, http }) => {
    const id = await arrange.staged(http);
    await openStep(page, id);
    await page.getByLabel("Select this page").check();
    await expect(page.getByText("50 selected")).toBeVisible();
    await expect(stagedRows(page).getByRole("checkbox").nth(49)).toBeChecked();
    await stagedRows(page).getByRole("checkbox").first().uncheck();
    await expect(page.getByText("49 selected")).toBeVisible();
    await expect(page.getByLabel("Select this page")).not.toBeChecked();
    await page.getByRole("button", { name: "Clear selection" }).click();
    await expect(page.getByRole("button", { name: "Import selected" })).toBeDisabled();
  });

  test("all devices of a class are imported at once", async ({ page, http }) => {
    const id = await arrange.staged(http);
    await openStep(page, id);
    await page.getByRole("button", { name: "Import all devices of NMS_SWITCH" }).click();
    const imported = async () => {
      const { items } = await read(http, "node_classes/list", { integration_id: id });
      return items.find((c: { node_class: string }) => c.node_class === "NMS_SWITCH").imported_count;
    };
    // Until it has started, the panel shows the import before.
    await expect.poll(imported, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect(runPanel(page, "Device import")).toHaveAttribute("data-run-state", /^completed/, { timeout: 30_000 });
    await expect(classRow(page, "NMS_SWITCH")).toContainText(`${await imported()} imported`);
  });

  test("everything that matches is imported, and what cannot be says why", async ({ page, http }) => {
    const id = await arrange.staged(http);
    await openStep(page, id);
    const [all, ready] = [await tabCount(page, "All"), await tabCount(page, "Ready")];
    const blocked = await tabCount(page, "Blocked");
    await page.getByRole("button", { name: `Select all ${all} matching` }).click();
    await expect(page.getByText(`${all} selected`)).toBeVisible();
    const panel = await importSelected(page, all);
    await expect(figure(panel, "Created")).toHaveText(String(ready));
    await expect(figure(panel, "Failed")).toHaveText(String(blocked));
    await expect(results(page)).toContainText("The organization is not mapped to a company. Map it under Map organizations.");
    const reasons = await read(http, "imports/results", {
      run_id: await panel.getAttribute("data-run-id"),
      outcome: "failed",
      page_size: 200,
    });
    expect(reasons.items.every((r: { reason?: string }) => r.reason)).toBe(true);
    expect(reasons.items.some((r: { reason: string }) => r.reason.startsWith("The device type is not mapped."))).toBe(true);
    await expect.poll(() => tabCount(page, "Ready")).toBe(0);
    await inspect(page, "07-import-results");
    await page.getByRole("link", { name: "Finish: see the devices" }).click();
    await expect(page).toHaveURL("/devices");
  });
});
