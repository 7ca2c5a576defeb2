// Settings > Integrations: the card, Sync now, the history, one run with what it changed.

import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { expectCompleted, expectFieldError, inspect, open, pictures, reload, runPanel, toast } from "./support/page";
import { member } from "./support/people";
import { organizationId, sim, slow } from "./support/sim";
import { expect, test } from "./support/signed-in";

test.beforeEach(async ({ http }) => {
  await arrange.imported(http);
});

test("Sync now runs live on the card, across reloads, and ends in the history", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await open(page, "/settings/integrations");
  const card = page.locator("article[data-integration]");
  await expect(card).toHaveAttribute("data-status", "connected");
  await expect(card.getByRole("row", { name: /^Organizations/ }).locator("time")).toHaveCount(2);
  await expect(card.getByRole("row", { name: /^Devices/ }).locator("time")).toHaveCount(2);
  await inspect(page, "09-integrations");

  await slow(0.5);
  await card.getByRole("button", { name: "Sync now" }).click();
  const panel = runPanel(page, "Full sync");
  await expect(panel).toHaveAttribute("data-run-state", /queued|running/);
  await expect(card).toHaveAttribute("data-status", "syncing");
  await expect(card.getByRole("button", { name: "Sync now" })).toBeDisabled();
  const run_id = await panel.getAttribute("data-run-id");
  await reload(page);
  await expect(panel).toHaveAttribute("data-run-id", run_id ?? "");
  await expect(panel).toHaveAttribute("data-run-state", "running");
  await expect(panel.getByRole("progressbar")).toBeVisible();
  await pictures(page, "09-integrations-syncing");
  await slow(0);
  await expect(panel).toHaveCount(0, { timeout: 30_000 });
  await expect(card).toHaveAttribute("data-status", "connected");
  expect(await read(http, "runs/get", { run_id })).toMatchObject({ state: "completed", kind: "all" });

  await card.getByRole("link", { name: "History" }).click();
  await expect(page).toHaveURL(`/integrations/${id}/runs`);
  const newest = page.locator("tr[data-run-id]").first();
  await expect(newest).toHaveAttribute("data-run-id", run_id ?? "");
  await expect(newest).toContainText("Completed");
  await expect(newest).toContainText("Sam Owner");
  await inspect(page, "09-runs");
});

test("a run page says what changed, field by field, and that everything was read", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "staged_devices/list", { integration_id: id, status: "imported", page_size: 1 });
  const [device] = items;
  await sim("rename_device", { id: Number(device.remote_id), name: "RENAMED-BY-TEST" });
  const run = await arrange.sync(http, id, "devices");
  expect(run).toMatchObject({ state: "completed", counts: { changed: 1, added: 0, missing: 0 } });
  await open(page, `/integrations/${id}/runs`);
  await page.locator("tr[data-run-id]").first().getByRole("link", { name: "Device sync" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Device sync" })).toBeVisible();
  await expectCompleted(runPanel(page, "Device sync"));
  const change = page.getByRole("table", { name: "Rows that this run changed" }).locator("tbody tr");
  await expect(change).toHaveCount(1);
  await expect(change.locator("del").first()).toHaveText(device.name);
  await expect(change.locator("ins").first()).toHaveText("RENAMED-BY-TEST");
  const evidence = page.getByRole("region", { name: "Was everything read?" });
  await expect(evidence).toContainText("Yes: NinjaOne said that it was at the end. The numbers fit.");
  await expect(evidence.locator("li[data-complete=true]").filter({ hasText: /^Device/ })).toBeVisible();
  await expect(evidence.locator("li[data-complete=false]")).toHaveCount(0);
  await inspect(page, "09-run");
  // The inventory follows.
  await open(page, `/devices/${device.device_id}`);
  await expect(page.getByRole("heading", { level: 1, name: "RENAMED-BY-TEST" })).toBeVisible();
  await sim("rename_device", { id: Number(device.remote_id), name: device.name });
});

test("a new device of a class with auto-sync is imported by the sync", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await write(http, "mappings/save_node_class", { integration_id: id, node_class: "WINDOWS_SERVER", auto_sync: true });
  const org = await organizationId("Harbour Dental Group");
  const device = await sim<number>("add_device", { org, class: "WINDOWS_SERVER" });
  await sim("rename_device", { id: device, name: "BRAND-NEW-SERVER" });
  await open(page, `/integrations/${id}/devices`);
  await page.getByRole("button", { name: "Sync devices now" }).click();
  await expectCompleted(runPanel(page, "Device sync"));
  const found = async () => (await read(http, "devices/list", { search: "BRAND-NEW-SERVER" })).total;
  await expect.poll(found, { timeout: 20_000 }).toBe(1);
  await arrange.idle(http, id);
  await open(page, `/integrations/${id}/runs`);
  await expect(page.getByRole("row", { name: /Device import.*Auto-sync/ }).first()).toContainText("1 created");
  await sim("delete_device", { id: device });
});

test("a run can be cancelled, and what was there stays", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const before = await arrange.counts(http, id);
  await slow(2);
  await open(page, `/integrations/${id}/devices`);
  await page.getByRole("button", { name: "Sync devices now" }).click();
  const panel = runPanel(page, "Device sync");
  await expect(panel).toHaveAttribute("data-run-state", "running");
  await panel.getByRole("button", { name: "Cancel" }).click();
  await expect(panel).toHaveAttribute("data-run-state", "cancelled", { timeout: 20_000 });
  await expect(panel.getByText("Cancelled", { exact: true })).toBeVisible();
  await expect(panel.getByRole("button", { name: /Cancel/ })).toHaveCount(0);
  expect((await arrange.counts(http, id)).devices).toBe(before.devices);
});

test("one sync at a time: a second start shows the first", async ({ http }) => {
  const id = await arrange.imported(http);
  await slow(0.3);
  const first = await write(http, "runs/start", { integration_id: id, kind: "organizations" });
  const second = await write(http, "runs/start", { integration_id: id, kind: "organizations" });
  expect(second.id).toBe(first.id);
  await slow(0);
  await arrange.ended(http, first.id);
});

test("home says what needs attention", async ({ page, http }) => {
  await arrange.imported(http);
  await open(page, "/");
  await expect(page.getByRole("region", { name: "Figures" }).getByRole("link")).toHaveCount(4);
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention).toContainText(/organizations? (is|are) not mapped to a company/);
  await inspect(page, "09-home");
  await attention.getByRole("link", { name: "Map", exact: true }).click();
  await expect(page).toHaveURL(/\/organizations\?status=unmapped/);
});

const historyRows = (page: Page) => page.locator("tr[data-run-id]");

test("the history is filtered by kind and state, in the address", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await open(page, `/integrations/${id}/runs`);
  const { total } = await read(http, "runs/list", { integration_id: id });
  const { total: imports } = await read(http, "runs/list", { integration_id: id, kind: "import" });
  expect(imports).toBeLessThan(total);
  await page.getByRole("navigation", { name: "Filter by kind" }).getByRole("link", { name: "Device import" }).click();
  await expect(page).toHaveURL(/kind=import/);
  await expect(historyRows(page)).toHaveCount(imports);
  for (const row of await historyRows(page).all()) await expect(row).toContainText("Device import");
  await page.getByLabel("Filter by state").selectOption({ label: "Failed" });
  await expect(page).toHaveURL(/kind=import&state=failed|state=failed&kind=import/);
  await expect(page.getByText("No run matches")).toBeVisible();
  await inspect(page, "09-runs-nothing");
  await reload(page);
  await expect(page.getByLabel("Filter by state")).toHaveValue("failed");
  await page.getByRole("link", { name: "Show all runs" }).click();
  await expect(historyRows(page).first()).toBeVisible();
});

test("changes are filtered by kind, searched, and exported as a file that no spreadsheet runs", async ({ page, http }) => {
  const id = await arrange.imported(http);
  // What earlier tests left behind is no change of this run.
  await arrange.sync(http, id, "devices");
  const { items } = await read(http, "staged_devices/list", { integration_id: id, status: "imported", page_size: 2 });
  const [renamed, other] = items;
  await sim("rename_device", { id: Number(renamed.remote_id), name: "=SUM(1),\"x\"" });
  await sim("rename_device", { id: Number(other.remote_id), name: "PLAIN-NAME" });
  const org = await organizationId("Harbour Dental Group");
  const added = await sim<number>("add_device", { org, class: "WINDOWS_WORKSTATION" });
  const run = await arrange.sync(http, id, "devices");
  expect(run).toMatchObject({ state: "completed", counts: { changed: 2, added: 1 } });
  await open(page, `/integrations/${id}/runs/${run.id}`);
  const kinds = page.getByRole("navigation", { name: "Filter by change" });
  await expect(kinds.getByRole("link", { name: /^All 3$/ })).toBeVisible();
  await expect(kinds.getByRole("link", { name: /^Added 1$/ })).toBeVisible();
  const rows = page.getByRole("table", { name: "Rows that this run changed" }).locator("tbody tr");
  await expect(rows).toHaveCount(3);
  await inspect(page, "09-run-changes");
  await kinds.getByRole("link", { name: /^Changed 2$/ }).click();
  await expect(page).toHaveURL(/change=changed/);
  await expect(rows).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search the report" }).fill("sum");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("=SUM(1)");

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export these changes (CSV)" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`msportal-changes-${run.id}.csv`);
  const text = readFileSync(await file.path(), "utf8");
  expect(text.startsWith("\ufeffentity,remote_id,name,change,field,before,after\r\n")).toBe(true);
  const lines = text.trimEnd().split("\r\n").slice(1);
  expect(lines.length).toBeGreaterThanOrEqual(1);
  for (const line of lines) expect(line).toContain(`device,${renamed.remote_id},"'=SUM(1),""x"""`);

  await page.getByRole("searchbox", { name: "Search the report" }).fill("no such row");
  await expect(page.getByText("No change matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all changes" }).click();
  await expect(rows).toHaveCount(3);
  await sim("rename_device", { id: Number(renamed.remote_id), name: renamed.name });
  await sim("rename_device", { id: Number(other.remote_id), name: other.name });
  await sim("delete_device", { id: added });
});

test("a run is paused, stays paused across a reload and in a second tab, and goes on", async ({ page, context, http }) => {
  const id = await arrange.imported(http);
  await slow(0.8);
  const { id: run_id } = await write(http, "runs/start", { integration_id: id, kind: "devices" });
  await open(page, `/integrations/${id}/runs/${run_id}`);
  const panel = runPanel(page, "Device sync");
  await expect(panel).toHaveAttribute("data-run-state", "running");
  await panel.getByRole("button", { name: "Pause" }).click();
  await expect(panel).toHaveAttribute("data-run-state", "paused", { timeout: 20_000 });
  await inspect(page, "09-run-paused");
  await reload(page);
  await expect(panel).toHaveAttribute("data-run-state", "paused");
  const tab = await context.newPage();
  await open(tab, `/integrations/${id}/runs`);
  await expect(historyRows(tab).first()).toHaveAttribute("data-run-state", "paused");
  await panel.getByRole("button", { name: "Resume" }).click();
  await expect(panel).toHaveAttribute("data-run-state", /queued|running/);
  await slow(0);
  await expectCompleted(panel);
  await expect(historyRows(tab).first()).toHaveAttribute("data-run-state", "completed");
  await expect(page.getByRole("main")).toContainText("it went on where it was");
  await expect(page.getByRole("button", { name: "Sync again" })).toBeVisible();
});

test("an admin says when a sync asks, and what makes no sense is refused at its field", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await open(page, "/settings/integrations");
  await page.getByRole("button", { name: "Change when a sync asks" }).click();
  const dialog = page.getByRole("dialog", { name: "When does a sync ask?" });
  await dialog.getByLabel("Share in percent").fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expectFieldError(dialog.getByLabel("Share in percent"), "Enter a share from 1 to 100 percent.");
  await dialog.getByLabel("Share in percent").fill("25");
  await dialog.getByLabel("Devices at least").fill("many");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expectFieldError(dialog.getByLabel("Devices at least"), "Enter a number of rows from 1 to 1,000,000.");
  await inspect(page, "09-breaker");
  await dialog.getByLabel("Devices at least").fill("12");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(toast(page, "Saved: more than 25 %, from 12 devices.")).toBeVisible();
  await expect(page.getByTestId("breaker")).toContainText("more than 25 %");
  expect((await read(http, "integrations/get", { integration_id: id })).breaker).toEqual({ percent: 25, rows: 12 });
  await write(http, "integrations/update_breaker", { integration_id: id, percent: 20, rows: 10 });
});

test("a device that was enrolled again is the same device, when somebody says so", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "devices/list", { page_size: 200, status: "online", sort: "serial" });
  const known = items.find((d: { serial?: string }) => d.serial);
  const { source } = await read(http, "devices/get", { device_id: known.id });
  const again = await sim<number>("reenroll_device", { id: Number(source.remote_id) });
  await arrange.sync(http, id, "devices");
  await arrange.idle(http, id);

  await open(page, "/settings/integrations");
  await page.getByTestId("waiting").filter({ hasText: "enrolled again" }).getByRole("link", { name: "Decide" }).click();
  await expect(page).toHaveURL(/sort=attention/);
  const row = page.locator(`tr[data-remote-id="${again}"]`);
  await expect(row.getByTestId("same-as")).toContainText(`Looks like ${known.name} (serial ${known.serial}), enrolled again.`);
  await inspect(page, "09-enrolled-again");
  await row.getByRole("button", { name: "Same device" }).click();
  await expect(toast(page, `${known.name} goes on with the new enrolment.`)).toBeVisible();
  await expect(row.getByTestId("same-as")).toHaveCount(0);
  const device = await read(http, "devices/get", { device_id: known.id });
  expect(device.source).toMatchObject({ remote_id: String(again), missing_since: null });
});

test("a device moved into an organization that is not mapped stays, and says why", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "devices/list", { page_size: 1, search: "", status: "offline" });
  const [device] = items;
  const { source } = await read(http, "devices/get", { device_id: device.id });
  const org = await organizationId("Old Mill Brewery");
  await write(http, "mappings/save_organization", { integration_id: id, remote_id: String(org), choice: "unmap", confirm: true });
  await sim("move_device", { id: Number(source.remote_id), org, loc: 0 });
  await arrange.sync(http, id, "devices");
  await open(page, `/devices/${device.id}`);
  const note = page.getByTestId("waiting");
  await expect(note).toContainText(
    `Its organization Old Mill Brewery in NinjaOne is not mapped, so it stays under ${device.company.name}. Map the organization to move it.`,
  );
  await inspect(page, "09-waiting");
  await note.getByRole("link", { name: "Map the organization" }).click();
  await expect(page).toHaveURL(/\/organizations\?search=/);
  await open(page, "/");
  await expect(page.getByRole("region", { name: "Needs attention" })).toContainText("not mapped");
});

test("a device that NinjaOne does not list any more says since when, and why if that is known", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { items } = await read(http, "devices/list", { page_size: 2, status: "offline", sort: "-name" });
  const sources = await Promise.all(
    items.map(async (d: { id: string }) => Number((await read(http, "devices/get", { device_id: d.id })).source.remote_id)),
  );
  await sim("delete_device", { id: sources[0] });
  await sim("decommission_device", { id: sources[1] });
  await arrange.sync(http, id, "devices");
  await open(page, `/devices/${items[0].id}`);
  const note = page.getByTestId("missing");
  await expect(note).toContainText(/^Missing in NinjaOne since \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
  await inspect(page, "09-missing");
  await open(page, `/devices/${items[1].id}`);
  await expect(note).toContainText(/^Decommissioned in NinjaOne since \d{4}/);
});

test("a run that is gone leads to the history", async ({ page, http, watch }) => {
  const id = await arrange.imported(http);
  watch.expectStatus(404, /runs\/00000000/);
  await page.goto(`/integrations/${id}/runs/00000000-0000-7000-8000-000000000000`);
  await expect(page.getByRole("heading", { level: 1, name: "Run not found" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await inspect(page, "09-run-gone");
  await page.getByRole("main").getByRole("link", { name: "Show the history" }).click();
  await expect(historyRows(page).first()).toBeVisible();
});

test.describe("when half of the fleet is gone at once", () => {
  /** A sync that finds only half of the devices, and what it held back. */
  async function half(http: APIRequestContext, id: string) {
    const run = await arrange.sync(http, id, "devices");
    const [question] = await read(http, "runs/questions", { integration_id: id, run_id: run.id, state: "open" });
    expect(question).toMatchObject({ change: "missing", entity: "device", state: "open" });
    return { run, question };
  }

  test.afterAll(async ({ playwright }) => {
    const http = await playwright.request.newContext({ baseURL: process.env.BASE_URL });
    await arrange.signIn(http);
    const id = await arrange.imported(http);
    await sim("reset", { demo: true });
    await arrange.sync(http, id, "devices");
    await http.dispose();
  });

  test("who may only read is shown the way to look, and nowhere one to decide", async ({ http, browser, watch }) => {
    test.slow();
    const id = await arrange.imported(http);
    await sim("keep_devices", { share: 0.5 });
    const { run } = await half(http, id);
    const kim = await member(browser, http, "read");
    watch.on(kim.context());
    await open(kim, "/");
    const attention = kim.getByRole("region", { name: "Needs attention" });
    const look = attention.getByRole("link", { name: "Look", exact: true });
    await expect(look).toHaveAttribute("href", new RegExp(`/runs/${run.id}`));
    await expect(attention.getByRole("link", { name: "Show them" }).first()).toHaveAttribute("href", /^\/integrations\//);
    await expect(attention.getByRole("link", { name: /decide|Map|Import|Review/ })).toHaveCount(0);
    await expect(attention.getByText("Decide", { exact: true })).toHaveCount(0);
    await expect(attention).not.toContainText("Say whether");
    await inspect(kim, "09-home-reader");
    await open(kim, "/settings/integrations");
    await expect(kim.getByTestId("open-question").getByRole("link")).toHaveText("Look");
    await expect(kim.getByRole("link", { name: "Show staged devices" })).toBeVisible();
    await expect(kim.getByRole("link", { name: /Configure|Import/ })).toHaveCount(0);
    await inspect(kim, "09-integrations-reader");
    await open(kim, `/integrations/${id}/devices`);
    const held = kim.getByTestId("held-back").getByRole("link");
    await expect(held).toHaveText("Look");
    await held.click();
    await expect(kim).toHaveURL(new RegExp(`/runs/${run.id}`));
    await expect(kim.getByRole("region", { name: "Held back" })).toContainText("until somebody who may change mappings applies it");
    const card = kim.locator("[data-question-id]").first();
    await expect(card.getByText("Open", { exact: true })).toBeVisible();
    await expect(card.getByRole("button")).toHaveCount(0);
    await inspect(kim, "09-question-reader");
    await kim.context().close();
  });

  test("it is held back, shown, discarded, asked again and applied", async ({ page, http }) => {
    const id = await arrange.imported(http);
    const missing = async () => (await read(http, "devices/list", { status: "missing" })).total;
    const before = await missing();
    await sim("keep_devices", { share: 0.5 });
    const first = await half(http, id);
    expect(await missing()).toBe(before);

    await open(page, "/");
    const attention = page.getByRole("region", { name: "Needs attention" });
    await expect(attention).toContainText(/Held back: \d+ of \d+ devices were not in NinjaOne's answer/);
    await open(page, "/settings/integrations");
    const banner = page.getByTestId("open-question");
    await expect(banner).toContainText(`${first.question.affected} of ${first.question.of} devices`);
    await inspect(page, "09-integrations-question");
    await banner.getByRole("link", { name: "Look and decide" }).click();
    await expect(page).toHaveURL(new RegExp(`/runs/${first.run.id}\\?question=${first.question.id}`));

    const card = page.locator(`[data-question-id="${first.question.id}"]`);
    const rows = card.getByRole("table", { name: "Rows held back" }).locator("tbody tr");
    await expect(rows).toHaveCount(Math.min(20, first.question.affected));
    await inspect(page, "09-question");
    const name = await rows.first().getByRole("rowheader").innerText();
    await card.getByRole("searchbox").fill(name);
    await expect(page).toHaveURL(/held_search=/);
    await expect(rows.first()).toContainText(name);
    await card.getByRole("link", { name: "Hide the rows" }).click();
    await expect(rows).toHaveCount(0);

    await card.getByRole("button", { name: "Discard" }).click();
    const discard = page.getByRole("dialog", { name: "Discard what was held back?" });
    await expect(discard).toContainText("Everything stays as it is now.");
    await discard.getByRole("button", { name: "Discard" }).click();
    await expect(card).toHaveAttribute("data-question-state", "discarded");
    await expect(card).toContainText("Discarded by Sam Owner");
    await expect(card.getByRole("button")).toHaveCount(0);
    expect(await missing()).toBe(before);

    const second = await half(http, id);
    await open(page, `/integrations/${id}/runs/${second.run.id}`);
    const again = page.locator(`[data-question-id="${second.question.id}"]`);
    await again.getByRole("button", { name: "Apply" }).click();
    const apply = page.getByRole("dialog", { name: "Apply what was held back?" });
    await expect(apply).toContainText("are marked missing");
    await inspect(page, "09-question-apply");
    await apply.getByRole("button", { name: "Apply" }).click();
    await expect(again).toHaveAttribute("data-question-state", "applied", { timeout: 20_000 });
    await again.getByRole("link", { name: "See the run that applies it" }).click();
    await expect(runPanel(page, "Held changes")).toHaveAttribute("data-run-state", "completed");
    expect(await missing()).toBeGreaterThan(before);
    await open(page, `/integrations/${id}/runs`);
    await expect(historyRows(page).first()).toContainText("Held changes");
  });
});
