// A forgotten password is chosen anew, by a link that comes by mail.

import { write } from "./support/api";
import { postOffice } from "./support/mail";
import { expectFieldError, hydrated, inspect, open } from "./support/page";
import { expect, test } from "./support/signed-in";

const PASSWORD = "correct horse battery";

test("who has forgotten the password gets a mail", async ({ page, http, browser }) => {
  const post = await postOffice();
  const email = `kim.${Date.now()}@northwind.example`;
  await write(http, "users/invite", { email, role: "read" });
  const invitation = await post.link(email, "invite");
  await open(page, `/settings/users?search=${encodeURIComponent(email)}`);
  await expect(page.locator("tr[data-member-id]")).toContainText("Mail sent");

  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  const kim = await context.newPage();
  await open(kim, invitation);
  await write(context.request, "users/accept", { token: invitation.split("/").at(-1), name: "Kim User", password: PASSWORD });
  await context.clearCookies();

  await open(kim, "/sign-in");
  await kim.getByRole("link", { name: "Forgot your password?" }).click();
  await hydrated(kim);
  await inspect(kim, "35-forgot");
  await kim.getByRole("button", { name: "Send the mail" }).click();
  await expectFieldError(kim.getByLabel("Email"), "Enter an e-mail address");
  await kim.getByLabel("Email").fill(email);
  await kim.getByRole("button", { name: "Send the mail" }).click();
  await expect(kim.getByRole("heading", { name: "Look into your mail" })).toBeVisible();

  await open(kim, await post.link(email, "reset"));
  await kim.getByLabel("Password").fill("another long password");
  await kim.getByRole("button", { name: "Save" }).click();
  await expect(kim.getByRole("heading", { name: "Your password is changed" })).toBeVisible();
  await kim.getByRole("link", { name: "Sign in" }).click();
  await hydrated(kim);
  await kim.getByLabel("Email").fill(email);
  await kim.getByLabel("Password").fill("another long password");
  await kim.getByRole("button", { name: "Sign in" }).click();
  await expect(kim).toHaveURL("/");
  await context.close();
  await post.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says what comes", async ({ page, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    await page.goto("/forgot-password");
    await expect(page.getByText("You get a mail with a link to choose a new one.")).toBeVisible();
  });
});
