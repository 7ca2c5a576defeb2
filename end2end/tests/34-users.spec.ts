// Users: invited, joining by a link, given another role, a new password, shut out and let in again.

import type { Browser, Page } from "@playwright/test";
import { read, write } from "./support/api";
import { postOffice } from "./support/mail";
import { hydrated, inspect, open, toast } from "./support/page";
import { expect, test } from "./support/signed-in";

const PASSWORD = "correct horse battery";

const row = (page: Page, name: string) => page.locator("tr[data-member-id]").filter({ hasText: name });

/** Chooses in the menu of a row. */
async function act(page: Page, name: string, what: string) {
  await page.getByLabel(`Actions for ${name}`).click();
  await row(page, name).getByRole("button", { name: what }).click();
}

/** Closes the dialog that says to whom the link is mailed, and shows none. */
async function told(page: Page, title: string, name: string) {
  const dialog = page.getByRole("dialog", { name: title });
  await expect(dialog).toContainText(`A mail with a link is on its way to ${name}.`);
  await expect(page.getByTestId("handed-link")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Done" }).click();
}

/** A browser of somebody else at an address. */
async function elsewhere(browser: Browser, address: string) {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  const page = await context.newPage();
  await page.goto(address);
  await hydrated(page);
  return page;
}

async function signIn(page: Page, email: string, password: string) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/");
}

test("somebody is invited, joins, and is managed", async ({ page, http, browser }) => {
  test.slow();
  const post = await postOffice();
  const name = `Robin ${Date.now()}`;
  const email = `${name.replace(" ", ".").toLowerCase()}@northwind.example`;
  await open(page, "/");
  await page.getByLabel(/^Account of/).click();
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Role").selectOption({ label: "May view and change" });
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("dialog", { name: `Invitation for ${email}` })).toBeVisible();
  await inspect(page, "34-link");
  await told(page, `Invitation for ${email}`, email);
  await expect(row(page, email)).toContainText("Invited");

  let robin = await elsewhere(browser, await post.link(email, "invite"));
  await inspect(robin, "34-join");
  await robin.getByLabel("Your name").fill(name);
  await robin.getByLabel("Password").fill(PASSWORD);
  await robin.getByRole("button", { name: "Join" }).click();
  await expect(robin).toHaveURL("/");
  await hydrated(robin);
  // What the role may not do is not shown.
  await robin.getByLabel(`Account of ${name}`).click();
  await expect(robin.getByRole("link", { name: "Account", exact: true })).toBeVisible();
  await expect(robin.getByRole("link", { name: "Users" })).toHaveCount(0);

  await open(page, `/settings/users?search=${encodeURIComponent(email)}`);
  await expect(row(page, name)).toContainText("Active");
  await act(page, name, "Change role");
  await page.getByRole("dialog").getByLabel("Role").selectOption({ label: "Administrator" });
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(toast(page, `The role of ${name} is saved`)).toBeVisible();
  await expect(row(page, name)).toContainText("Administrator");
  await robin.goto("/");
  await expect(robin, "signed out by the new role").toHaveURL("/sign-in");

  await act(page, name, "Reset password");
  await page.getByRole("dialog").getByRole("button", { name: "Make a link" }).click();
  await told(page, `New password for ${name}`, name);
  // In a browser that nobody was signed in with: links arrive by mail, and are opened anywhere.
  await robin.context().close();
  robin = await elsewhere(browser, await post.link(email, "reset"));
  await expect(robin.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await robin.getByLabel("Password").fill("another long password");
  await robin.getByRole("button", { name: "Save" }).click();
  await expect(robin.getByRole("heading", { name: "Your password is changed" })).toBeVisible();
  await robin.getByRole("link", { name: "Sign in" }).click();
  await hydrated(robin);
  await signIn(robin, email, "another long password");

  // Where they are signed in, and the way to end it.
  await act(page, name, "Sessions");
  const sessions = page.getByRole("dialog", { name: `Sessions of ${name}` });
  await expect(sessions.locator("tr[data-session-id]")).toHaveCount(1);
  await inspect(page, "34-sessions");
  await sessions.getByRole("button", { name: /^End the session of / }).click();
  await expect(sessions.getByRole("status")).toHaveText("The session has ended.");
  await expect(sessions.getByRole("status")).toBeFocused();
  await expect(sessions).toContainText(`${name} is signed in nowhere.`);
  await robin.goto("/");
  await expect(robin, "signed out by an administrator").toHaveURL("/sign-in");
  await hydrated(robin);
  await signIn(robin, email, "another long password");
  await sessions.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(sessions.getByRole("status")).toHaveText(`${name} is signed out everywhere.`);
  await sessions.getByRole("button", { name: "Close" }).click();
  await robin.goto("/");
  await expect(robin).toHaveURL("/sign-in");
  await hydrated(robin);
  await signIn(robin, email, "another long password");

  await page.getByLabel(`Actions for ${name}`).click();
  await expect(row(page, name).getByRole("button", { name: "Hand the portal over" })).toBeVisible();
  await inspect(page, "34-users");
  // Handed over, and given back.
  const mine: string = (await read(http, "session/me")).user.name;
  await row(page, name).getByRole("button", { name: "Hand the portal over" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Hand over" }).click();
  await expect(toast(page, `${name} owns the portal now`)).toBeVisible();
  await expect(row(page, name).getByText("Owner", { exact: true })).toBeVisible();
  await open(robin, "/settings/users");
  await act(robin, mine, "Hand the portal over");
  await robin.getByRole("dialog").getByRole("button", { name: "Hand over" }).click();
  await expect(toast(robin, `${mine} owns the portal now`)).toBeVisible();
  await open(page, `/settings/users?search=${encodeURIComponent(email)}`);
  await act(page, name, "Deactivate");
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await expect(toast(page, `${name} is deactivated`)).toBeVisible();
  await expect(row(page, name)).toContainText("Deactivated");
  await robin.goto("/");
  await expect(robin).toHaveURL("/sign-in");
  await act(page, name, "Activate");
  await expect(row(page, name)).toContainText("Active");
  await robin.context().close();
  await post.close();
});

test("an invitation is sent again, and withdrawn", async ({ page, http, browser }) => {
  const post = await postOffice();
  const email = `nina.${Date.now()}@northwind.example`;
  await write(http, "users/invite", { email, role: "read" });
  const first = await post.link(email, "invite");
  await open(page, `/settings/users?search=${encodeURIComponent(email)}`);
  await act(page, email, "Send again");
  await told(page, `Invitation for ${email}`, email);
  await expect.poll(() => post.link(email, "invite"), { timeout: 30_000 }).not.toBe(first);
  const again = await post.link(email, "invite");
  await act(page, email, "Withdraw");
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await expect(toast(page, `The invitation of ${email} is withdrawn`)).toBeVisible();
  await expect(page.getByText("Nobody fits")).toBeVisible();
  const late = await elsewhere(browser, again);
  await expect(late.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await late.context().close();
  await post.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("users can be read and searched", async ({ page, http, watch }) => {
    watch.expectFailure(/\/pkg\/msportal\.js$/);
    const me = await read(http, "session/me");
    await page.goto("/settings/users");
    await page.getByRole("searchbox", { name: "Search name or email" }).fill(me.user.email);
    await page.getByRole("button", { name: "Search" }).click();
    await expect(row(page, me.user.name)).toHaveCount(1);
    await expect(row(page, me.user.name)).toContainText("Owner");
  });
});
