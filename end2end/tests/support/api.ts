// Server functions, called as another program would.

import { expect, type APIRequestContext } from "@playwright/test";

export const API = "/api/v1";

type Fields = Record<string, unknown>;

/** GET; `null` and absent values are left out. */
export async function read<T = any>(http: APIRequestContext, endpoint: string, query: Fields = {}): Promise<T> {
  const params = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const answer = await http.get(`${API}/${endpoint}`, { params: Object.fromEntries(params) as Record<string, string> });
  expect(answer.status(), `${endpoint}: ${await answer.text()}`).toBe(200);
  return answer.json();
}

/** POST. */
export async function write<T = any>(http: APIRequestContext, endpoint: string, body: Fields = {}): Promise<T> {
  const answer = await http.post(`${API}/${endpoint}`, { data: body });
  expect(answer.status(), `${endpoint}: ${await answer.text()}`).toBe(200);
  return answer.json();
}
