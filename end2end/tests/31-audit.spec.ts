// The audit log: what was done is listed, found and checked; reading works without JavaScript.

import { read, write } from "./support/api";
import { inspect, open } from "./support/page";
import { expect, test } from "./support/signed-in";

test("what somebody did is listed, found and checked", async ({ page, http }) => {
  const name = `Audited ${Date.now()}`;
  const company = await write(http, "companies/create", { name });
  await write(http, "companies/update", { company_id: company.id, name: `${name} Ltd` });
  await open(page, "/");
  await page.getByLabel(/^Account of/).click();
  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  const rows = page.locator("tr[data-seq]");
  await expect(rows.first()).toContainText("Company changed");
  await page.getByRole("searchbox", { name: "Search name or address" }).fill(name);
  await expect(rows).toHaveCount(2);
  await page.getByLabel("Filter by what was done").selectOption({ label: "Company created" });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(name);
  await rows.getByText("More").click();
  await expect(rows).toContainText(company.id);
  await page.getByRole("button", { name: "Check the chain" }).click();
  await expect(page.getByTestId("chain")).toContainText("The chain is whole:");
  await inspect(page, "31-audit");
  const started = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const stream = await (await started).createReadStream();
  let text = "";
  for await (const piece of stream) text += piece;
  expect(text.trim().split("\r\n")).toHaveLength(2);
  expect((await read(http, "audit/list", { action: "file_exported" })).total).toBeGreaterThan(0);
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page.getByText("No event fits")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the log can be read and searched", async ({ page, http, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    const name = `Read ${Date.now()}`;
    await write(http, "companies/create", { name });
    await page.goto("/settings/audit");
    await page.getByRole("searchbox", { name: "Search name or address" }).fill(name);
    await page.getByRole("button", { name: "Search" }).click();
    const row = page.locator("tr[data-seq]");
    await expect(row).toHaveCount(1);
    await row.getByText("More").click();
    await expect(row.getByText("Hash:")).toBeVisible();
  });
});
