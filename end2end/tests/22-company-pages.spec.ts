// One company and one location: what they hold, what happened to them; merging companies.

import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { choose, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

test("a company shows devices, coverage and history, and leads to a location", async ({ page, http }) => {
  await arrange.imported(http);
  const { items } = await read(http, "companies/list", { search: "Harbour Dental" });
  const company = items[0];
  await open(page, `/companies/${company.id}`);
  const devices = page.getByRole("region", { name: "Devices", exact: true });
  await expect(devices.getByRole("link", { name: `${company.device_count} devices` })).toBeVisible();
  const coverage = page.getByRole("region", { name: "Coverage" });
  await expect(coverage).toContainText("Last complete device sync");
  await expect(coverage.locator("li[data-organization]").first()).toContainText(/\d+ of \d+ devices? imported/);
  const history = page.getByRole("region", { name: "History" });
  await expect(history.locator("li[data-event=mapping]").first()).toContainText("mapped");
  await inspect(page, "22-company");
  await devices.getByRole("link", { name: /^Online: / }).click();
  await expect(page).toHaveURL(`/devices?company=${company.id}&status=online`);
  await page.goBack();
  const site = page.getByRole("region", { name: "Locations" }).getByRole("rowheader").first().getByRole("link");
  const name = await site.innerText();
  await site.click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
  await expect(page.getByRole("region", { name: "Mapped to it" })).toBeVisible();
  await inspect(page, "22-location");
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: company.name }).click();
  await expect(page).toHaveURL(`/companies/${company.id}`);
});

test("a company is merged into another one after it was said what moves", async ({ page, http }) => {
  await arrange.imported(http);
  const stamp = Date.now().toString(36);
  const from = await write(http, "companies/create", { name: `Old Mill ${stamp}`, phone: "+1 555 0199" });
  const into = await write(http, "companies/create", { name: `Old Mill Holding ${stamp}` });
  for (const company of [from, into]) await write(http, "locations/create", { company_id: company.id, name: "Mill" });
  await write(http, "locations/create", { company_id: from.id, name: "Depot" });
  const { items } = await read(http, "device_types/list");
  await write(http, "devices/create", {
    fields: [
      { field: "name", value: `mill-${stamp}` },
      { field: "company", value: from.id },
      { field: "device_type", value: items[0].id },
    ],
  });
  await open(page, `/companies/${from.id}`);
  await page.getByRole("button", { name: "Merge" }).click();
  await choose(page, page.getByRole("combobox", { name: "Merge into" }), new RegExp(`^Old Mill Holding ${stamp}`));
  const plan = page.getByTestId("merge-plan");
  await expect(plan).toContainText("1 device");
  await expect(plan).toContainText("1 location");
  await expect(plan).toContainText("Both have Mill");
  await expect(plan).toContainText("no way back");
  await inspect(page, "22-merge-companies");
  await page.getByRole("button", { name: `Merge into ${into.name}` }).click();
  await expect(toast(page, `${from.name} is merged into ${into.name}.`)).toBeVisible();
  await expect(page).toHaveURL(`/companies/${into.id}`);
  await expect(page.getByRole("region", { name: "History" })).toContainText(`${from.name} was merged into it`);
  await expect(page.getByRole("link", { name: "1 device" }).first()).toBeVisible();
  await open(page, `/companies/${from.id}`);
  await expect(page.getByTestId("merged-into")).toContainText(into.name);
  const created = page.getByRole("region", { name: "History" }).locator("li[data-event=created]");
  await expect(created).toHaveText([/The location Depot was added\..*Sam Owner/, /The location Mill was added\..*Sam Owner/, /The company was created\..*Sam Owner/]);
  // Its devices are in no report.
  await open(page, `/reports/companies/${from.id}`);
  await expect(page.getByText("This company is archived")).toBeVisible();
  await page.getByRole("link", { name: "Show the company" }).click();
  await expect(page).toHaveURL(`/companies/${from.id}`);
});

test("a location that is gone is said to be gone", async ({ page, watch }) => {
  watch.expectStatus(404, /locations\/00000000/);
  expect((await page.goto("/locations/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "Location not found" })).toBeVisible();
});
