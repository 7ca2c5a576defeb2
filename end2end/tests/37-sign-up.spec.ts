// A portal of one's own beside that of the other specs: signing up, and a second factor that everybody needs.

import type { Page } from "@playwright/test";
import { API, read, write } from "./support/api";
import * as arrange from "./support/arrange";
import { postOffice } from "./support/mail";
import { expectFieldError, hydrated, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/test";
import { codeOf } from "./support/totp";

const PASSWORD = "correct horse battery";

const factor = (page: Page) => page.getByRole("region", { name: "Second factor" });

/** Sets it up with an app, keeps the recovery codes. */
async function setUp(page: Page) {
  await factor(page).getByLabel("Your password").fill(PASSWORD);
  await factor(page).getByRole("button", { name: "Set up an authenticator app" }).click();
  const key = await factor(page).getByTestId("second-factor-key").innerText();
  await factor(page).getByRole("textbox", { name: "Code", exact: true }).fill(codeOf(key));
  await factor(page).getByRole("button", { name: "Switch on" }).click();
  await expect(factor(page).getByRole("list", { name: "Recovery codes" }).getByRole("listitem")).toHaveCount(10);
  await factor(page).getByRole("button", { name: "I have kept them" }).click();
}

test.beforeAll(async ({ playwright }) => {
  const http = await playwright.request.newContext({ baseURL: process.env.BASE_URL });
  await arrange.signIn(http);
  await http.dispose();
});

test("a visitor signs up, and everybody there needs a second factor", async ({ page, browser, watch }) => {
  const post = await postOffice();
  const at = Date.now();
  await open(page, "/sign-in");
  await page.getByRole("link", { name: "Create a portal of your own" }).click();
  await expect(page).toHaveURL("/sign-up");
  await hydrated(page);
  await inspect(page, "37-sign-up");
  watch.expectStatus(422, /setup\/request_sign_up|users\/accept/);
  await page.getByRole("button", { name: "Send the mail" }).click();
  await expectFieldError(page.getByLabel("Portal name"), "Enter a name");
  await page.getByLabel("Portal name").fill("Harbour IT");
  await page.getByRole("button", { name: "Send the mail" }).click();
  await expectFieldError(page.getByLabel("Email"), "Enter an e-mail address");
  await inspect(page, "37-sign-up-wrong");
  await page.getByLabel("Email").fill(`robin.${at}@harbour.example`);
  await page.getByRole("button", { name: "Send the mail" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  await inspect(page, "37-mail-sent");

  const link = await post.link(`robin.${at}@harbour.example`, "invite");
  await open(page, link);
  await expect(page.getByRole("heading", { name: "Create Harbour IT" })).toBeVisible();
  await inspect(page, "37-create");
  await page.getByLabel("Your name").fill("Robin Owner");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create portal" }).click();
  await expectFieldError(page.getByLabel("Password"), "Choose a password of at least");
  await inspect(page, "37-create-wrong");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create portal" }).click();
  await expect(page).toHaveURL("/");
  await expect(page.getByText("Get your devices into MSPortal")).toBeVisible();
  expect((await read(page.request, "companies/list")).total, "nothing of other portals").toBe(0);

  // Who has none cannot ask it of others.
  await open(page, "/settings/users");
  await expect(page.getByText("1 active user has none.")).toBeVisible();
  watch.expectStatus(409, /require_second_factor/);
  await page.getByRole("button", { name: "Require it of everybody" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Require it" }).click();
  await expect(toast(page, "Set up your own second factor first")).toBeVisible();
  await open(page, "/account");
  await setUp(page);
  await expect(factor(page)).toContainText("10 recovery codes are left.");

  // Kim joins before, and is in the middle of something.
  const email = `kim.${at}@harbour.example`;
  const told = await write(page.request, "users/invite", { email, role: "manage" });
  expect(told.link, "whoever invites could take the address").toBeNull();
  const invitation = await post.link(email, "invite");
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  watch.on(context);
  await write(context.request, "users/accept", {
    token: invitation.split("/").at(-1),
    name: "Kim User",
    password: PASSWORD,
  });
  const kim = await context.newPage();
  // The link of the mail was used: it is good for nobody.
  watch.expectStatus(404, /users\/link|invite\//);
  await open(kim, link);
  await expect(kim.getByText("This link is not good any more").first()).toBeVisible();
  await inspect(kim, "37-dead-link");
  await open(kim, "/companies");
  await expect(kim.getByRole("heading", { name: "Companies", exact: true })).toBeVisible();

  await open(page, "/settings/users");
  await page.getByRole("button", { name: "Require it of everybody" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Require it" }).click();
  await expect(toast(page, "Everybody needs a second factor now.")).toBeVisible();
  await expect(page.getByText("Everybody needs a second factor. 1 active user has none.")).toBeVisible();
  await inspect(page, "37-required");

  // Nothing but setting it up.
  await kim.goto("/devices");
  await expect(kim).toHaveURL("/account");
  await hydrated(kim);
  await expect(kim.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expect(kim.getByRole("navigation").getByRole("link", { name: "Devices" })).toHaveCount(0);
  expect((await context.request.get(`${API}/companies/list`)).status()).toBe(403);
  await inspect(kim, "37-one-more-step");
  await setUp(kim);
  await expect(kim).toHaveURL("/");
  await expect(kim.getByRole("navigation").getByRole("link", { name: "Devices" }).first()).toBeVisible();
  await context.close();

  await page.reload();
  await expect(page.getByText("Everybody needs a second factor. Every active user has one.")).toBeVisible();
  await post.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page can be read", async ({ page, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    await page.goto("/sign-up");
    await expect(page.getByRole("heading", { name: "Sign up" })).toBeVisible();
  });
});
