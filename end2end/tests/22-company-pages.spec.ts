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
  await expect(plan).toContainText("You can undo this on the page of either company.");
  await inspect(page, "22-merge-companies");
  await page.getByRole("button", { name: `Merge into ${into.name}` }).click();
  await expect(toast(page, `${from.name} is merged into ${into.name}.`)).toBeVisible();
  await expect(page).toHaveURL(`/companies/${into.id}`);
  await expect(page.getByRole("region", { name: "History" })).toContainText(`${from.name} was merged into it`);
  await expect(page.getByRole("link", { name: "1 device" }).first()).toBeVisible();
  await expect(page.getByTestId("merged-companies")).toContainText(`${from.name} was merged into this company`);
  await page.getByRole("button", { name: `Undo the merge of ${from.name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

  // The way back, from the page of the company that went.
  await open(page, `/companies/${from.id}`);
  await expect(page.getByTestId("merged-into")).toContainText(into.name);
  const created = page.getByRole("region", { name: "History" }).locator("li[data-event=created]");
  await expect(created).toHaveText([/The location Depot was added\..*Sam Owner/, /The location Mill was added\..*Sam Owner/, /The company was created\..*Sam Owner/]);
  // Its devices are in no report.
  await open(page, `/reports/companies/${from.id}`);
  await expect(page.getByText("This company is archived")).toBeVisible();
  await page.getByRole("link", { name: "Show the company" }).click();
  await expect(page).toHaveURL(`/companies/${from.id}`);
  await page.getByRole("button", { name: "Undo merge" }).click();
  const back = page.getByTestId("unmerge-plan");
  await expect(back).toContainText("1 device");
  await expect(back).toContainText("2 locations");
  await inspect(page, "22-unmerge-companies");
  await page.getByRole("dialog").getByRole("button", { name: "Undo the merge" }).click();
  await expect(toast(page, `${from.name} is taken out of ${into.name} again.`)).toBeVisible();
  await expect(page.getByTestId("merged-into")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "History" }).locator("li[data-event=unmerged]")).toContainText(`The merge into ${into.name} was undone`);
  await expect(page.getByRole("link", { name: "1 device" }).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Locations" }).getByRole("rowheader")).toHaveCount(2);
  await open(page, `/companies/${into.id}`);
  await expect(page.getByTestId("merged-companies")).toHaveCount(0);
});

test("a merge that somebody built on is undone as far as it goes, and says how far", async ({ page, http, watch }) => {
  watch.expectStatus(409, /companies\/unmerge/);
  await arrange.imported(http);
  const stamp = Date.now().toString(36);
  const from = await write(http, "companies/create", { name: `Quay ${stamp}` });
  const into = await write(http, "companies/create", { name: `Quay Group ${stamp}` });
  const depot = await write(http, "locations/create", { company_id: from.id, name: "Depot" });
  const office = await write(http, "locations/create", { company_id: into.id, name: "Office" });
  const { items } = await read(http, "device_types/list");
  const device = (name: string, company: string) =>
    write(http, "devices/create", {
      fields: [
        { field: "name", value: name },
        { field: "company", value: company },
        { field: "device_type", value: items[0].id },
      ],
    });
  const [stays, goes] = [await device(`stays-${stamp}`, from.id), await device(`goes-${stamp}`, from.id)];
  const other = await device(`other-${stamp}`, into.id);
  await write(http, "companies/merge", { company_id: from.id, into: into.id, dry_run: false });
  const put = (id: string, location: string) =>
    write(http, "devices/update", { device_id: id, fields: [{ field: "location", value: location }] });
  await put(stays.id, office.id);
  await put(other.id, depot.id);

  await open(page, `/companies/${into.id}`);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: `Undo the merge of ${from.name}` }).click();
  await expect(dialog).toContainText("1 device is at Depot, which goes back");
  await dialog.getByRole("button", { name: "Close" }).click();
  await put(other.id, office.id);
  await page.getByRole("button", { name: `Undo the merge of ${from.name}` }).click();
  await expect(dialog).toContainText("What stays: 1 device");
  await expect(dialog).toContainText(`stays-${stamp}: It was put at Office of ${into.name} since.`);
  await dialog.getByRole("button", { name: "Undo the merge" }).click();
  await expect(toast(page, "1 device stayed: it moved on since.")).toBeVisible();
  const company = async (id: string) => (await read(http, "devices/get", { device_id: id })).company.id;
  expect([await company(stays.id), await company(goes.id), await company(other.id)]).toEqual([into.id, from.id, into.id]);
});

test("a location that is gone is said to be gone", async ({ page, watch }) => {
  watch.expectStatus(404, /locations\/00000000/);
  expect((await page.goto("/locations/00000000-0000-7000-8000-000000000000"))?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: "Location not found" })).toBeVisible();
});
