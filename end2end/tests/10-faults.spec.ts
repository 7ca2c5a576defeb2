// What the user sees when the vendor or the way to the server fails.

import type { Page } from "@playwright/test";
import { write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, expectCompleted, inspect, mappingRow, open, pictures, reload, runPanel } from "./support/page";
import { ALWAYS, heal, sim, slow } from "./support/sim";
import { expect, test } from "./support/signed-in";

const company = (page: Page, organization: string) => page.getByRole("combobox", { name: `Company for ${organization}` });

test("throttling is told while it lasts, and the run goes on", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await sim("inject", { path: "/v2/organizations*", kind: { too_many_requests: { retry_after: { seconds: 3 } } } });
  await open(page, `/integrations/${id}/organizations`);
  await page.getByRole("button", { name: "Sync now" }).click();
  const panel = runPanel(page, "Organization sync");
  await expect(panel).toContainText(/Throttled by NinjaOne, continuing in [1-9] s\./);
  await expect(panel, "the seconds run down").toContainText("Throttled by NinjaOne, continuing in 1 s.");
  await pictures(page, "10-throttled");
  await expectCompleted(panel);
  await expect(panel).not.toContainText("Throttled");
});

test("a choice that was not saved says so and is tried again", async ({ page, http, watch }) => {
  const id = await arrange.mapped(http);
  watch.expectFailure(/mappings\/save_organization/);
  await open(page, `/integrations/${id}/organizations?search=ridgeway`);
  const name = "Ridgeway Plumbing Supplies";
  await page.route("**/mappings/save_organization", (route) => route.abort("connectionfailed"));
  await choose(page, company(page, name), /^Norrland Timber/);
  const row = mappingRow(page, name);
  await expect(row.getByRole("alert")).toContainText("Not saved. The server could not be reached.");
  await expect(row).toHaveAttribute("data-status", "unmapped");
  await inspect(page, "10-not-saved");
  await page.unroute("**/mappings/save_organization");
  await row.getByRole("button", { name: "Try again" }).click();
  await expect(row.getByText("Saved")).toBeVisible();
  await expect(row).toHaveAttribute("data-status", "mapped");
  await expect(company(page, name)).toHaveValue("Norrland Timber AB");
  await choose(page, company(page, name), "Unmap");
  await expect(row).toHaveAttribute("data-status", "unmapped");
});

test("a list that could not be read can be read again", async ({ page, http, watch }) => {
  await arrange.imported(http);
  watch.expectFailure(/devices\/list/);
  await open(page, "/");
  await page.route("**/api/v1/devices/list*", (route) => route.abort("connectionfailed"));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Devices", exact: true }).first().click();
  await expect(page.getByRole("alert")).toContainText("The server could not be reached.");
  await page.unroute("**/api/v1/devices/list*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("tr[data-device-id]").first()).toBeVisible();
});

test("a page whose code does not arrive says so and can be loaded again", async ({ page, http, watch }) => {
  await arrange.imported(http);
  await open(page, "/");
  test.skip((await page.locator('link[href*="/pkg/parts-"]').count()) === 0, "only a release build has parts");
  watch.expectFailure(/parts-[0-9a-f]+\/devices\.bin/);
  await page.route("**/pkg/parts-*/devices.bin", (route) => route.abort("connectionfailed"));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Devices", exact: true }).first().click();
  await expect(page.getByRole("alert")).toContainText("This page did not load.");
  await inspect(page, "10-not-loaded");
  await page.unroute("**/pkg/parts-*/devices.bin");
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(page.locator("tr[data-device-id]").first()).toBeVisible();
  await expect(page).toHaveURL("/devices");
});

test("a run says that the connection to the server is lost, and goes on when it is back", async ({ page, http, watch }) => {
  const id = await arrange.imported(http);
  watch.expectFailure(/runs\/(get|[0-9a-f-]+\/events)/);
  await slow(0.5);
  const { id: run_id } = await write(http, "runs/start", { integration_id: id, kind: "devices" });
  const ways = ["**/api/v1/runs/*/events", "**/api/v1/runs/get*"];
  for (const way of ways) await page.route(way, (route) => route.abort("connectionfailed"));
  await open(page, `/integrations/${id}/runs/${run_id}`);
  const panel = runPanel(page, "Device sync");
  await expect(panel.getByTestId("connection-lost")).toHaveText("Connection lost, trying again…");
  await inspect(page, "10-connection-lost");
  for (const way of ways) await page.unroute(way);
  await expect(panel.getByTestId("connection-lost")).toHaveCount(0);
  await slow(0);
  await expectCompleted(panel);
});

test("a vendor that is down is named by the connection test", async ({ page, http }) => {
  const id = await arrange.connected(http);
  await sim("inject", { path: "*", kind: { status: 500 }, times: ALWAYS });
  await open(page, `/integrations/${id}/connect`);
  await page.getByRole("button", { name: "Test connection" }).click();
  const outcome = page.getByTestId("connection-test");
  await expect(outcome.getByRole("alert")).toContainText("NinjaOne has a fault of its own (status 500).", { timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Save and continue" })).toBeDisabled();
  await inspect(page, "10-vendor-down");
  await heal();
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(outcome).toContainText("Connected.");
});

test("credentials that were revoked stop the sync with cause and fix, and the card says so", async ({ page, http }) => {
  const id = await arrange.mapped(http);
  await sim("set_behaviour", { credentials_revoked: true });
  await sim("expire_tokens");
  const run = await write(http, "runs/start", { integration_id: id, kind: "organizations" });
  expect((await arrange.ended(http, run.id)).state).toBe("failed");
  await open(page, "/settings/integrations");
  const card = page.locator("article[data-integration]");
  await expect(card).toHaveAttribute("data-status", "disconnected");
  await expect(card.getByRole("alert")).toHaveAttribute("data-code", "wrong_secret");
  await expect(card.getByRole("alert").getByRole("listitem").first()).toBeVisible();
  await inspect(page, "10-disconnected");
  await open(page, `/integrations/${id}/runs/${run.id}`);
  await expect(runPanel(page, "Organization sync")).toHaveAttribute("data-run-state", "failed");
  await expect(runPanel(page).getByRole("alert")).toBeVisible();
  await heal();
  await arrange.sync(http, id, "organizations");
  await open(page, "/settings/integrations");
  await expect(card).toHaveAttribute("data-status", "connected");
});

test("home tells a device sync that failed, also behind a sync that went well", async ({ page, http }) => {
  const id = await arrange.imported(http);
  await sim("inject", { path: "/v2/devices-detailed", kind: { status: 400 }, times: ALWAYS });
  const run = await arrange.sync(http, id, "devices");
  expect(run.state).toBe("failed");
  await arrange.sync(http, id, "organizations");
  await open(page, "/");
  const told = page.getByRole("region", { name: "Needs attention" }).getByRole("listitem").filter({ hasText: "Failed" });
  await expect(told).toContainText(/The last device sync.* failed\./);
  await expect(told.getByRole("link", { name: "Show the run" })).toHaveAttribute("href", `/integrations/${id}/runs/${run.id}`);
  await heal();
  await arrange.sync(http, id, "devices");
  await reload(page);
  await expect(page.getByRole("region", { name: "Needs attention" })).not.toContainText("failed");
});

test("a sync that did not read everything never says completed, and marks nothing missing", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { devices } = await arrange.counts(http, id);
  await sim("inject", { path: "/v2/devices-detailed", kind: "empty_list", times: ALWAYS });
  const run = await arrange.sync(http, id, "devices");
  expect(run.state).not.toBe("completed");
  await open(page, `/integrations/${id}/runs/${run.id}`);
  await expect(runPanel(page, "Device sync")).toHaveAttribute("data-run-state", "incomplete");
  // Told once: where it is decided.
  await expect(runPanel(page).getByRole("alert")).toHaveCount(0);
  const held = page.getByRole("region", { name: "Held back" });
  await expect(held).toContainText(/\d+ of \d+ devices were not in NinjaOne's answer and would be marked missing at once\./);
  await expect(held).toContainText("Check that the API application may still see every organization");
  await inspect(page, "10-incomplete");
  await heal();
  expect(await arrange.sync(http, id, "devices")).toMatchObject({ state: "completed" });
  expect((await arrange.counts(http, id)).devices).toBe(devices);
});

test("a session that ended sends to sign-in and back", async ({ page, context, http }) => {
  const id = await arrange.mapped(http);
  await open(page, `/integrations/${id}/organizations`);
  await context.clearCookies();
  await page.reload();
  await expect(page).toHaveURL(new RegExp(`/sign-in\\?next=.*${id}`));
});

test.describe("a slow server and an impatient user", () => {
  /** Answers to an endpoint arrive late. */
  async function slowly(page: Page, endpoint: string) {
    await page.route(`**/api/v1/${endpoint}*`, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
  }

  const LISTS = {
    companies: { path: () => "/companies", endpoint: "companies/list", header: "Name", search: "Search companies", text: "dental" },
    "device types": { path: () => "/device-types", endpoint: "device_types/list", header: "Name", search: "Search device types", text: "server" },
    devices: { path: () => "/devices", endpoint: "devices/list", header: "Company", search: "Search devices", text: "srv" },
    organizations: { path: (id: string) => `/integrations/${id}/organizations`, endpoint: "organizations/list", header: "Devices", search: "Search organizations", text: "dental" },
    locations: { path: (id: string) => `/integrations/${id}/locations`, endpoint: "remote_locations/list", header: "Organization", search: "Search locations", text: "quay" },
    "staged devices": { path: (id: string) => `/integrations/${id}/devices`, endpoint: "staged_devices/list", header: "Company", search: "Search staged devices", text: "srv" },
  };

  for (const [name, list] of Object.entries(LISTS)) {
    test(`${name}: pressing on before the answer is there does no harm`, async ({ page, http }) => {
      const id = await arrange.imported(http);
      await open(page, list.path(id));
      await slowly(page, list.endpoint);
      const header = page.getByRole("columnheader", { name: list.header });
      const [search, table] = [page.getByRole("searchbox", { name: list.search }), page.getByRole("table").last()];
      const before = await table.getByRole("row").count();
      for (let press = 0; press < 3; press += 1) await header.getByRole("link").click();
      await search.pressSequentially(list.text, { delay: 120 });
      await search.press("Enter");
      await header.getByRole("link").click();
      await expect(page).toHaveURL(new RegExp(`search=${list.text}`));
      await expect.poll(() => table.getByRole("row").count()).toBeLessThan(before);
      await expect(table.getByRole("row").nth(1)).toContainText(new RegExp(list.text, "i"));
      await expect(header).toHaveAttribute("aria-sort", /ascending|descending/);
      await search.fill("");
      await expect.poll(() => table.getByRole("row").count()).toBe(before);
    });
  }

  test("a choice is saved although the rows are replaced meanwhile", async ({ page, http }) => {
    const id = await arrange.mapped(http);
    await open(page, `/integrations/${id}/organizations?search=internal`);
    await slowly(page, "mappings/save_organization");
    await slowly(page, "organizations/list");
    const saved = page.waitForResponse("**/mappings/save_organization");
    await choose(page, company(page, "Internal IT"), /^Ashdown Printing/);
    await page.getByRole("columnheader", { name: "Devices" }).getByRole("link").click();
    await page.getByRole("columnheader", { name: "Devices" }).getByRole("link").click();
    await expect(page).toHaveURL(/sort=-device_count/);
    expect((await saved).status()).toBe(200);
    await page.unroute("**/api/v1/organizations/list*");
    await open(page, `/integrations/${id}/organizations?search=internal`);
    await expect(company(page, "Internal IT")).toHaveValue("Ashdown Printing Works");
  });
});
