// Every page with data in it: themes, widths, barriers, pictures. Pages that only other specs reach are pictured there.

import type { APIRequestContext } from "@playwright/test";
import { read } from "./support/api";
import * as arrange from "./support/arrange";
import { inspect, open } from "./support/page";
import { expect, test } from "./support/signed-in";

type Where = (http: APIRequestContext, id: string) => Promise<string> | string;

const PAGES: Record<string, Where> = {
  companies: () => "/companies",
  company: async (http) => `/companies/${(await read(http, "companies/list", { search: "Harbour" })).items[0].id}`,
  // By its address: rows and integrations are both read on the server.
  "company-links": () => "/settings/integrations/companies",
  "import-locations": () => "/companies/import?kind=locations",
  "organizations-pending": (_, id) => `/integrations/${id}/organizations?status=pending`,
  "locations-unmapped": (_, id) => `/integrations/${id}/locations?status=unmapped`,
  "devices-nothing": () => "/devices?search=no-such-device",
  "import-blocked": (_, id) => `/integrations/${id}/devices?status=blocked`,
  "device-virtual": async (http) => `/devices/${(await read(http, "devices/list", { sort: "os_name" })).items[0].id}`,
  runs: (_, id) => `/integrations/${id}/runs`,
  "run-organizations": async (http, id) => {
    const { items } = await read(http, "runs/list", { integration_id: id, kind: "organizations", page_size: 200 });
    return `/integrations/${id}/runs/${items.at(-1).id}`;
  },
  "run-import": async (http, id) => {
    const { items } = await read(http, "runs/list", { integration_id: id, kind: "import" });
    return `/integrations/${id}/runs/${items[0].id}`;
  },
};

for (const [name, where] of Object.entries(PAGES)) {
  test(`${name} looks right and is open to everybody`, async ({ page, http }) => {
    const id = await arrange.imported(http);
    await open(page, await where(http, id));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main").locator(".skeleton")).toHaveCount(0);
    await inspect(page, `12-${name}`, true);
  });
}

test("the navigation leads everywhere, at both widths, with the keyboard", async ({ page, http }) => {
  await arrange.imported(http);
  await open(page, "/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  const places = { Devices: "/devices", Companies: "/companies", "Device types": "/device-types", Reports: "/reports", Integrations: "/settings/integrations", Home: "/" };
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    for (const [name, address] of Object.entries(places)) {
      const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });
      await link.click();
      await expect(page).toHaveURL(address);
      await expect(link).toHaveAttribute("aria-current", "page");
      await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
    }
  }
});
