// Step 1 of the guide: connecting the account, and every way in which that fails.

import type { Page } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { expectCompleted, expectFieldError, inspect, open, pictures, runPanel, toast } from "./support/page";
import { SIM_CLIENT_ID, SIM_CLIENT_SECRET, SIM_URL, sim, simState, slow } from "./support/sim";
import { expect, test } from "./support/signed-in";

const TEST = /integrations\/test_connection/;

const secret = (page: Page) => page.getByLabel(/^Secret/);
const keyId = (page: Page) => page.getByLabel("Access Key ID");
const baseUrl = (page: Page) => page.getByLabel("Base URL");
const next = (page: Page) => page.getByRole("button", { name: "Next: save and continue" });
const outcome = (page: Page) => page.getByTestId("connection-test");

async function fill(page: Page, values: { url?: string; id?: string; secret?: string }) {
  await page.getByRole("radio", { name: /^Custom/ }).check();
  await baseUrl(page).fill(values.url ?? SIM_URL);
  await keyId(page).fill(values.id ?? SIM_CLIENT_ID);
  await secret(page).fill(values.secret ?? SIM_CLIENT_SECRET);
}

const press = (page: Page) => page.getByRole("button", { name: "Test connection" }).click();

test("the way in, the regions, and the values to copy", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-write"]);
  await open(page, "/settings/integrations");
  await expect(page.getByText("No integration is connected")).toBeVisible();
  await inspect(page, "04-integrations-empty");
  await open(page, "/devices");
  await expect(page.getByText("No devices yet")).toBeVisible();
  await inspect(page, "04-devices-empty");
  await expect(page.getByRole("main").getByRole("link", { name: "Import devices" })).toHaveCount(0);
  await page.getByRole("link", { name: "Connect NinjaOne" }).click();
  await expect(page).toHaveURL("/integrations/new");
  await open(page, "/settings/integrations");
  await page.getByRole("link", { name: "Connect NinjaOne" }).click();
  await expect(page).toHaveURL("/integrations/new");
  const steps = page.getByRole("navigation", { name: "Set-up steps" }).getByRole("listitem");
  await expect(steps).toHaveCount(4);
  await expect(steps.nth(0).locator("[aria-current=step]")).toContainText("Connect");
  await expect(steps.nth(1)).toContainText("(not available yet)");
  await expect(steps.nth(1).getByRole("link")).toHaveCount(0);

  for (const [region, host] of Object.entries({
    "United States (US)": "app",
    "United States 2 (US2)": "us2",
    "Europe (EU)": "eu",
    "Oceania (OC)": "oc",
    "Canada (CA)": "ca",
  })) {
    await page.getByRole("radio", { name: region }).check();
    await expect(baseUrl(page)).toHaveValue(`https://${host}.ninjarmm.com`);
    await expect(baseUrl(page)).not.toBeEditable();
  }
  await page.getByRole("radio", { name: /^Custom/ }).check();
  await expect(baseUrl(page)).toBeEditable();
  await expect(next(page)).toBeDisabled();
  await expect(outcome(page)).toHaveText("Next opens after a successful test.");
  await inspect(page, "04-connect");

  await page.getByRole("button", { name: "Copy Application platform" }).click();
  await expect(toast(page, "Application platform copied.")).toBeVisible();
  // Pages may not read the clipboard: it is pasted, as a person would.
  await keyId(page).focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(keyId(page)).toHaveValue("API Services (machine-to-machine)");
});

test("empty fields are named", async ({ page }) => {
  await open(page, "/integrations/new");
  await page.getByRole("radio", { name: /^Custom/ }).check();
  await press(page);
  await expectFieldError(baseUrl(page), "Enter the base URL.");
  await baseUrl(page).fill(SIM_URL);
  await press(page);
  await expectFieldError(keyId(page), "Enter the Access Key ID.");
  await keyId(page).fill(SIM_CLIENT_ID);
  await press(page);
  await expectFieldError(secret(page), "Enter the Secret.");
  await expect(next(page)).toBeDisabled();
});

test("a wrong key, a wrong secret and a missing scope are told apart", async ({ page }) => {
  await open(page, "/integrations/new");
  await fill(page, { secret: "not-the-secret" });
  await press(page);
  await expectFieldError(secret(page), "The Access Key ID is known, but the Secret does not belong to it.");
  await expect(outcome(page).getByRole("alert")).toHaveAttribute("data-code", "wrong_secret");
  await expect(outcome(page).getByRole("listitem").first()).toContainText("Copy the Access Key ID and the Secret again");
  await expect(next(page)).toBeDisabled();
  await inspect(page, "04-connect-wrong-secret");

  await fill(page, { id: "not-a-client" });
  await expect(secret(page)).not.toHaveAttribute("aria-invalid", "true");
  await press(page);
  await expectFieldError(keyId(page), "NinjaOne does not know this Access Key ID in the selected region.");
  await expect(next(page)).toBeDisabled();

  await sim("set_behaviour", { token_scopes: ["control"] });
  try {
    await fill(page, {});
    await press(page);
    await expect(outcome(page).getByRole("alert")).toHaveAttribute("data-code", "missing_scope");
    await expect(outcome(page)).toContainText("Tick the scope Monitoring");
  } finally {
    await sim("set_behaviour", { token_scopes: ["monitoring"] });
  }
});

test("hosts that cannot be the account are refused at the base URL", async ({ page, watch }) => {
  watch.expectStatus(422, TEST);
  await open(page, "/integrations/new");
  await fill(page, { url: "https://127.0.0.1" });
  await press(page);
  await expectFieldError(baseUrl(page), "is not on the public internet, so it is not contacted.");
  await fill(page, { url: "https://" });
  await press(page);
  await expectFieldError(baseUrl(page), "The base URL cannot be used");
  await fill(page, { url: "https://no-such-host.invalid" });
  await press(page);
  await expectFieldError(baseUrl(page), "NinjaOne could not be reached under this base URL.");
  await expect(next(page)).toBeDisabled();
  await inspect(page, "04-connect-unreachable");
});

test("the right values connect, spaces around them notwithstanding", async ({ page, http }) => {
  await arrange.companies(http);
  await open(page, "/integrations/new");
  await fill(page, { id: ` ${SIM_CLIENT_ID} `, secret: `${SIM_CLIENT_SECRET}\t` });
  await slow(0.3);
  await press(page);
  await expect(page.getByRole("button", { name: "Testing…" })).toBeDisabled();
  await expect(outcome(page)).toContainText("Asking for a token");
  await expect(outcome(page)).toContainText("Connected.");
  await expect(outcome(page)).toContainText("visible");
  await expect(outcome(page)).toContainText("Spaces around the Access Key ID were removed.");
  await expect(outcome(page)).toContainText("Spaces around the Secret were removed.");
  await expect(next(page)).toBeEnabled();
  await inspect(page, "04-connect-success");

  await secret(page).fill("something else");
  await expect(outcome(page)).toContainText("The values have changed since the test.");
  await expect(next(page)).toBeDisabled();
  await secret(page).fill(SIM_CLIENT_SECRET);
  await press(page);
  await expect(next(page)).toBeEnabled();

  // Saving starts the first organization sync, which step 2 shows as it goes.
  await slow(0.6);
  await next(page).click();
  await expect(page).toHaveURL(/\/integrations\/[0-9a-f-]{36}\/organizations$/);
  await expect(page.getByRole("heading", { level: 1, name: "Map organizations" })).toBeFocused();
  const panel = runPanel(page, "Organization sync");
  await expect(panel).toHaveAttribute("data-run-state", /queued|running/);
  await expect(panel.getByRole("progressbar")).toBeVisible();
  await expect(panel).toContainText(/\d+ s/);
  await expect(page.getByText("The sync is still running")).toBeVisible();
  await pictures(page, "04-organizations-first-sync");
  await slow(0);
  await expectCompleted(panel);
  // The rows come without a reload.
  const { organizations } = await simState();
  await expect(page.locator("tr[data-remote-id]")).toHaveCount(organizations.length);
  await expect(panel.locator("dl")).toContainText("Added");
});

test("what is stored can be tested and changed, and the secret is never shown", async ({ page, http, watch }) => {
  watch.expectStatus(409, /integrations\/connect/);
  const id = await arrange.connected(http);
  await open(page, `/integrations/${id}/connect`);
  await expect(secret(page)).toHaveValue("");
  await expect(page.getByTestId("credentials-set")).toContainText(/are set, last saved at \d{4}-\d\d-\d\d/);
  expect(await page.content()).not.toContain(SIM_CLIENT_SECRET);
  expect(JSON.stringify(await read(http, "integrations/get", { integration_id: id }))).not.toContain(SIM_CLIENT_SECRET);
  await expect(baseUrl(page)).toHaveValue(SIM_URL);
  const save = page.getByRole("button", { name: "Save and continue" });
  await expect(save).toBeDisabled();
  await expect(outcome(page)).toHaveText("Save and continue opens after a successful test.");
  await press(page);
  await expect(outcome(page)).toContainText("Go on with Save and continue.");
  await inspect(page, "04-connect-again");
  await save.click();
  await expect(page).toHaveURL(`/integrations/${id}/organizations`);
  await arrange.idle(http, id);

  // The same account a second time.
  await open(page, "/integrations/new");
  await fill(page, {});
  await press(page);
  await expect(next(page)).toBeEnabled();
  await next(page).click();
  await expectFieldError(keyId(page), "This account is connected already.");
});
