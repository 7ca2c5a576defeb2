// Reading works without JavaScript: the server sends everything, and links and searches are addresses.

import * as arrange from "./support/arrange";
import { read, write } from "./support/api";
import { COMPANIES } from "./support/data";
import { expect, test } from "./support/signed-in";

test.use({ javaScriptEnabled: false });

test.beforeEach(async ({ http, watch }) => {
  await arrange.imported(http);
  // The one thing that is missing is the program itself.
  watch.expectFailure(/\/pkg\/msportal\.js$/);
});

test("companies: the rows, search, sort", async ({ page }) => {
  await page.goto("/companies");
  await expect(page.getByRole("heading", { level: 1, name: "Companies" })).toBeVisible();
  expect(await page.getByRole("rowheader").count()).toBeGreaterThanOrEqual(COMPANIES.length);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page).toHaveURL("/companies?sort=-name");
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("searchbox", { name: "Search companies" }).fill("dental");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/search=dental/);
  await expect(page).toHaveURL(/sort=-name/);
  await expect(page.getByRole("rowheader")).toHaveText(["Harbour Dental Group"]);
  await page.getByRole("link", { name: "Harbour Dental Group" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Harbour Dental Group" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Locations" }).getByRole("rowheader").first()).toHaveText("Main Office");
});

test("devices: the rows, pages, one device", async ({ page, http }) => {
  const { total } = await read(http, "devices/list");
  await page.goto("/devices");
  await expect(page.locator("tr[data-device-id]")).toHaveCount(50);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText(`51 to 100 of ${total}`)).toBeVisible();
  await page.getByRole("columnheader", { name: "Company" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=company/);
  await expect(page.locator("tr[data-device-id]").first()).toContainText("Alder Clinic");
  await page.locator("tr[data-device-id]").first().getByRole("rowheader").getByRole("link").click();
  await expect(page).toHaveURL(/\/devices\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 2, name: "Source" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Open in NinjaOne/ })).toBeVisible();
});

test("devices: filters, columns, a view", async ({ page, http }) => {
  await page.goto("/devices");
  await page.getByLabel("Filter by operating system").selectOption({ label: "Windows Server" });
  await page.getByLabel("Filter by operating system").locator("xpath=..").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL("/devices?os=windows_server");
  await page.getByLabel("Columns", { exact: true }).click();
  await page.getByRole("link", { name: "Show IP address" }).click();
  await expect(page.getByRole("columnheader", { name: "IP address" })).toBeVisible();
  const query = new URL(page.url()).search;
  const view = await write(http, "views/save", { name: "Without scripts", query });
  await page.goto(`/devices?view=${view.id}`);
  await expect(page).toHaveURL(/os=windows_server/);
  await expect(page.getByRole("columnheader", { name: "IP address" })).toBeVisible();
  await write(http, "views/delete", { view_id: view.id });
});

test("the integration: card, organizations, history, a run", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { organizations } = await arrange.counts(http, id);
  await page.goto("/settings/integrations");
  await expect(page.locator("article[data-integration]")).toHaveAttribute("data-status", "connected");
  await page.goto(`/integrations/${id}/organizations`);
  expect(await page.locator("tr[data-remote-id]").count()).toBeGreaterThanOrEqual(organizations);
  await expect(page.getByRole("combobox", { name: "Company for Harbour Dental Group" })).toHaveValue("Harbour Dental Group");
  await page.getByRole("navigation", { name: "Filter by status" }).getByRole("link", { name: /^Unmapped/ }).click();
  await expect(page).toHaveURL(/status=unmapped/);
  await expect(page.locator("tr[data-status=mapped]")).toHaveCount(0);
  await expect(page.locator("tr[data-status=unmapped]").first()).toBeVisible();
  for (const step of ["locations", "devices"]) {
    await page.goto(`/integrations/${id}/${step}`);
    await expect(page.locator("tr[data-remote-id]").first()).toBeVisible();
  }
  await page.goto(`/integrations/${id}/runs`);
  await page.getByLabel("Filter by state").selectOption("completed");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/state=completed/);
  await page.getByRole("navigation", { name: "Filter by kind" }).getByRole("link", { name: "Device sync" }).click();
  await expect(page).toHaveURL(/kind=devices/);
  await page.locator("tr[data-run-id]").last().getByRole("link").first().click();
  await expect(page.getByTestId("run-panel")).toHaveAttribute("data-run-state", /completed/);
  await expect(page.getByRole("region", { name: "Was everything read?" })).toContainText("Complete");
  await page.getByRole("navigation", { name: "Filter by change" }).getByRole("link", { name: /^Added/ }).click();
  await expect(page).toHaveURL(/change=added/);
  await expect(page.locator("tr[data-change=added]").first()).toBeVisible();
});

test("home", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("Devices");
});

test("why: the search and its answer", async ({ page, http }) => {
  const { items } = await read(http, "devices/list", { page_size: 1 });
  await page.goto("/why");
  await page.getByRole("searchbox").fill(items[0].name);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\/why\?search=/);
  await expect(page.getByText(items[0].name).first()).toBeVisible();
  await page.goto("/why?search=no-such-device");
  await expect(page.getByRole("region", { name: "Nothing fits" })).toContainText("What to check");
});

test("a company, one of its locations, and duplicates", async ({ page, http }) => {
  const { items } = await read(http, "companies/list", { search: "Harbour Dental" });
  await page.goto(`/companies/${items[0].id}`);
  await expect(page.getByRole("region", { name: "Coverage" })).toContainText("imported");
  await expect(page.getByRole("region", { name: "History" })).toContainText("mapped");
  await page.getByRole("region", { name: "Locations" }).getByRole("rowheader").first().getByRole("link").click();
  await expect(page.getByRole("region", { name: "Mapped to it" })).toBeVisible();
  await page.goto("/duplicates");
  await expect(page.getByRole("navigation", { name: "Filter by state" })).toBeVisible();
});
