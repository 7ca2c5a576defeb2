// API tokens: made, shown once, used by a program, revoked. The list can be read without JavaScript.

import type { APIRequestContext, Page } from "@playwright/test";
import { API, read, write } from "./support/api";
import { expectAccessible, expectFieldError, expectNoSidewaysScroll, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const row = (page: Page, name: string) => page.locator("tr[data-token-id]").filter({ hasText: name });

async function revokeAll(http: APIRequestContext) {
  for (const token of await read(http, "api_tokens/list")) await write(http, "api_tokens/revoke", { token_id: token.id });
}

test("a token is made, shown once, used and revoked", async ({ page, http, playwright, watch, context }) => {
  watch.expectStatus(409, /api_tokens\/create/);
  await context.grantPermissions(["clipboard-write"]);
  await revokeAll(http);
  await open(page, "/");
  await page.getByLabel(/^Account of/).click();
  await page.getByRole("link", { name: "API tokens" }).click();
  await expect(page.getByText("No API tokens yet")).toBeVisible();
  await page.getByRole("button", { name: "Make the first token" }).click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByLabel("Name").fill("Nightly export");
  await dialog.getByLabel("Role").selectOption({ label: "May view" });
  await dialog.getByLabel("Expires after").selectOption({ label: "30 days" });
  await inspect(page, "33-new-token");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  const secret = await dialog.getByTestId("secret").innerText();
  expect(secret).toMatch(/^msp_[\w-]{43}$/);
  await dialog.getByRole("button", { name: "Copy Token" }).click();
  await expect(toast(page, "Token copied")).toBeVisible();
  await inspect(page, "33-token");
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await expect(row(page, "Nightly export")).toContainText("Never");
  expect(await page.content()).not.toContain(secret);

  const program = await playwright.request.newContext({
    baseURL: process.env.BASE_URL,
    extraHTTPHeaders: { Authorization: `Bearer ${secret}` },
  });
  expect((await read(program, "session/me")).role).toBe("read");
  expect((await program.post(`${API}/companies/create`, { data: { name: "Not allowed" } })).status()).toBe(403);
  await open(page, "/settings/tokens");
  await expect(row(page, "Nightly export")).not.toContainText("Never");
  await inspect(page, "33-tokens");

  // A second one of the same name is refused at the name.
  await page.getByRole("button", { name: "New token" }).click();
  await dialog.getByLabel("Name").fill("nightly export");
  await dialog.getByRole("button", { name: "Make the token" }).click();
  await expectFieldError(dialog.getByLabel("Name"), /You have a token of this name/);
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await row(page, "Nightly export").getByRole("button", { name: "Revoke Nightly export" }).click();
  const sure = page.getByRole("dialog", { name: "Revoke Nightly export?" });
  await sure.getByRole("button", { name: "Revoke" }).click();
  await expect(toast(page, "Nightly export is revoked")).toBeVisible();
  await expect(page.getByText("No API tokens yet")).toBeVisible();
  expect((await program.get(`${API}/session/me`)).status()).toBe(401);
  await program.dispose();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the tokens can be read", async ({ page, http, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    const name = `Read ${Date.now()}`;
    const made = await write(http, "api_tokens/create", { name, role: "read" });
    await page.goto("/settings/tokens");
    await expect(row(page, name)).toContainText(`ends with ${made.token.hint}`);
    await write(http, "api_tokens/revoke", { token_id: made.token.id });
  });

  test("the API that tokens are for has a page with a search", async ({ page }) => {
    await page.goto("/docs/api");
    await page.getByRole("searchbox", { name: "Search endpoints" }).fill("companies/create");
    await page.getByRole("button", { name: "Search" }).click();
    const endpoint = page.locator("details#companies_create");
    await endpoint.locator("summary").click();
    await expect(endpoint.getByRole("region", { name: "Example of a call" })).toContainText("$MSPORTAL/api/v1/companies/create");
    await expect(endpoint.getByRole("row").filter({ hasText: "psa_ref" })).toHaveCount(1);
    await expect(page.locator("details")).toHaveCount(1);
  });
});

test("the page of the API for tokens is accessible, and fits small screens", async ({ page }) => {
  await page.goto("/docs/api?search=runs");
  await page.locator("details#runs_list summary").click();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});
