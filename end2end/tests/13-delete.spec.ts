// The end: the integration goes, its devices stay by choice.

import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

test("deleting asks for the name, says what goes, and keeps the devices", async ({ page, http }) => {
  const id = await arrange.imported(http);
  const { total } = await read(http, "devices/list");
  const { name } = await read(http, "integrations/get", { integration_id: id });
  expect(total).toBeGreaterThan(0);
  await open(page, "/settings/integrations");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this integration?" });
  await expect(dialog).toContainText("the stored credentials");
  await expect(dialog).toContainText("the device type and auto-sync of each node class");
  await expect(dialog.getByRole("group")).toContainText(`Imported devices (${total} devices)`);
  const confirm = dialog.getByRole("button", { name: "Delete integration" });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Name of the integration").fill("something else");
  await expect(confirm).toBeDisabled();
  await inspect(page, "13-delete");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(dialog.getByRole("radio", { name: /^Keep them/ })).toBeChecked();
  await dialog.getByLabel("Name of the integration").fill(name);
  await confirm.click();
  await expect(toast(page, "The integration is deleted")).toContainText(`${total} devices kept`);
  await expect(page.getByText("No integration is connected")).toBeVisible();
  await expect(page.locator("article[data-integration]")).toHaveCount(0);
  expect((await read(http, "devices/list")).total).toBe(total);
  await open(page, "/devices");
  await expect(page.locator("tr[data-device-id]").first()).toContainText("Not synced");
});

test("what led to the integration says that it is gone", async ({ page, watch }) => {
  watch.expectStatus(404, /organizations/);
  watch.expectStatus(404, /runs/);
  await page.goto("/integrations/00000000-0000-7000-8000-000000000000/organizations");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Integration not found");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Sync now" })).toHaveCount(0);
  await inspect(page, "13-gone");
  await page.goto("/integrations/00000000-0000-7000-8000-000000000000/runs");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Integration not found");
  await page.getByRole("main").getByRole("link", { name: "Show all integrations" }).click();
  await expect(page).toHaveURL("/settings/integrations");
});
