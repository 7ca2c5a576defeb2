// Settings > Integrations: the card, Sync now, the history, one run with what it changed.

import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { expectCompleted, inspect, open, pictures, reload, runPanel } from "./support/page";
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
  const evidence = page.getByRole("region", { name: "Was everything read?" }).last();
  await expect(evidence.getByRole("row", { name: /^Devices/ })).toContainText("Complete");
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
