// Reports, rules and exceptions: what the numbers say, where they lead, and what is handed to a client.

import type { Page } from "@playwright/test";
import { read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { expectAccessible, expectFieldError, expectNoSidewaysScroll, inspect, open, reload, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const check = (page: Page, word: string) => page.locator(`tr[data-check=${word}]`);

/** Rules as they were before anybody changed them. */
async function usualRules(page: Page) {
  await write(page.request, "compliance/save_rules", { rules: [] });
}

test("each number leads to its devices", async ({ page, http }) => {
  await arrange.imported(http);
  await usualRules(page);
  const summary = await read(http, "reports/summary");
  expect(summary.devices).toBeGreaterThan(0);
  await open(page, "/reports");
  await expect(page.getByTestId("score")).toHaveText(/^\d+(\.\d)? %$/);
  await expect(page.getByTestId("stands-on")).toContainText("complete device sync");
  await expect(page.getByRole("img", { name: /^Compliance score/ })).toBeVisible();
  await inspect(page, "19-reports");

  const failing = summary.checks.find((c: { failing: number; check: string }) => c.failing > 0);
  const row = check(page, failing.check);
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(`/reports/devices?check=${failing.check}`);
  const rows = page.getByRole("row");
  await expect(page.getByText(new RegExp(`of ${failing.failing.toLocaleString("en")}$`))).toBeVisible();
  await expect(rows.nth(1)).toBeVisible();
  await inspect(page, "19-report-devices");

  await open(page, "/reports");
  const system = summary.systems[0];
  await page.getByRole("region", { name: "Fleet" }).getByRole("link", { name: system.name, exact: true }).click();
  await expect(page).toHaveURL(/\/reports\/devices\?os=/);
  await expect(page.getByRole("status").filter({ hasText: `of ${system.devices}` })).toBeVisible();
});

test("the file holds what the list shows", async ({ page, http }) => {
  await arrange.imported(http);
  await open(page, "/reports/devices?check=no_owner");
  const total = (await read(http, "reports/devices", { check: "no_owner" })).total;
  const started = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export these (CSV)" }).click();
  const stream = await (await started).createReadStream();
  let text = "";
  for await (const piece of stream) text += piece;
  expect(text.trim().split("\r\n")).toHaveLength(total + 1);
  expect(text).toContain("device,company,type,operating_system");
});

test("a company's report is ready to print", async ({ page, http }) => {
  await arrange.imported(http);
  await open(page, "/reports/companies");
  await inspect(page, "19-companies");
  const name = await page.locator("tr[data-company-id] th").first().innerText();
  await page.locator("tr[data-company-id] th a").first().click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await inspect(page, "19-company-report");
  await page.emulateMedia({ media: "print" });
  for (const gone of [page.getByRole("navigation"), page.getByRole("banner"), page.getByRole("button", { name: "Print" })]) {
    await expect(gone.filter({ visible: true })).toHaveCount(0);
  }
  await expect(page.getByText(/^Prepared by Example Managed Services on /)).toBeVisible();
  await page.screenshot({ path: "screenshots/19-company-report-print.png", fullPage: true });
  await page.emulateMedia({ media: "screen" });
});

test("rules decide what counts", async ({ page, http, watch }) => {
  watch.expectStatus(422, /compliance\/save_rules/);
  await arrange.imported(http);
  await usualRules(page);
  await open(page, "/settings/compliance");
  await inspect(page, "19-rules");
  const days = page.getByLabel("Days: Offline for long");
  await days.fill("0");
  await page.getByRole("button", { name: "Save rules" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter 1 to 3650 days");
  await days.fill("14");
  await page.getByLabel("On: No owner").uncheck();
  await page.getByRole("button", { name: "Save rules" }).click();
  await expect(toast(page, "The rules are saved.")).toBeVisible();
  await reload(page);
  await expect(page.getByLabel("On: No owner")).not.toBeChecked();
  await open(page, "/reports");
  await expect(check(page, "offline")).toContainText("Offline for more than 14 days");
  await expect(check(page, "no_owner")).toHaveCount(0);
  await usualRules(page);
});

test("an exception is made with a reason, is shown, is changed, and goes", async ({ page, http, watch }) => {
  test.slow();
  watch.expectStatus(422, /compliance\/add_exception/);
  await arrange.imported(http);
  await usualRules(page);
  await open(page, "/reports/devices?check=no_owner");
  const row = page.locator("tr[data-device-id]").first();
  const name = await row.getByRole("rowheader").innerText();
  const id = await row.getAttribute("data-device-id");
  await row.getByRole("button", { name: `Except ${name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add the exception" }).click();
  await expectFieldError(dialog.getByLabel("Reason"), "Say why");
  await expectAccessible(page, "the dialog of an exception");
  await dialog.getByLabel("Reason").fill("Shared kiosk in the lobby");
  await dialog.getByRole("button", { name: "Add the exception" }).click();
  await expect(toast(page, `${name} may fail this check.`)).toBeVisible();
  await expect(page.locator(`tr[data-device-id="${id}"]`)).toHaveCount(0);

  await open(page, "/reports/devices?check=no_owner&outcome=excepted");
  await expect(page.getByText("Exception: Shared kiosk in the lobby")).toBeVisible();
  await open(page, "/settings/compliance");
  await inspect(page, "19-exceptions");
  await page.getByRole("button", { name: `Change the exception for ${name}` }).click();
  await expect(dialog.getByLabel("Reason")).toHaveValue("Shared kiosk in the lobby");
  await dialog.getByLabel("Reason").fill("Kiosk until June");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("cell", { name: "Kiosk until June" })).toBeVisible();
  await page.getByRole("button", { name: `Remove the exception for ${name}` }).click();
  await expect(page.getByText("No exceptions", { exact: true })).toBeVisible();
  await toast(page, `The exception for ${name} is removed.`).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("cell", { name: "Kiosk until June" })).toBeVisible();

  // The device says so, too.
  await page.getByRole("rowheader").getByRole("link", { name }).click();
  const standing = page.getByRole("region", { name: "Compliance" });
  await expect(standing.getByRole("listitem").filter({ hasText: "Exception" })).toHaveCount(1);
  await inspect(page, "19-device");
  await page.getByRole("link", { name: "Why is it here?" }).click();
  await expect(page).toHaveURL(/\/why\?device=/);
  await open(page, "/settings/compliance");
  await page.getByRole("button", { name: `Remove the exception for ${name}` }).click();
  await expect(page.getByText("No exceptions", { exact: true })).toBeVisible();
});

test("the home page shows how the fleet stands", async ({ page, http }) => {
  await arrange.imported(http);
  await open(page, "/");
  await expect(page.getByRole("heading", { name: /^Compliance score \d/ })).toBeVisible();
  await inspect(page, "19-home");
  await page.getByRole("link", { name: "Show reports" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Reports" })).toBeFocused();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("reports can be read, sorted and searched", async ({ page, http, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    await arrange.imported(http);
    await page.goto("/reports");
    await expect(page.getByTestId("score")).toBeVisible();
    await expect(page.getByRole("img", { name: /^Compliance score/ })).toBeVisible();
    await page.getByRole("link", { name: /^Show \d+ compan/ }).click();
    await page.getByRole("columnheader", { name: "Devices" }).getByRole("link").click();
    await expect(page).toHaveURL(/sort=devices/);
    await page.goto("/settings/compliance");
    await expect(page.getByRole("row", { name: /No backup at all/ })).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
});
