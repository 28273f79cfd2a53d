/**
 * A typed client of the content API: paths, parameters and answers are those of the newsroom's OpenAPI document.
 *
 *     const api = createClient("https://cms.example.org");
 *     const { data, error } = await api.GET("/api/v1/content/", { params: { query: { section: ["misto"] } } });
 */
import createFetchClient from "openapi-fetch";
import type { ClientOptions } from "openapi-fetch";

import type { paths } from "./schema.d.ts";
import type { Problem } from "./types.ts";

export type * from "./types.ts";
export type Client = ReturnType<typeof createClient>;

/** `baseUrl` is Ostriv's own address, without `/api/v1/`; `key` is an API key, for what needs one. */
export function createClient(baseUrl: string, options: Omit<ClientOptions, "baseUrl"> & { key?: string } = {}) {
  const { key, headers, ...rest } = options;
  return createFetchClient<paths>({
    ...rest,
    baseUrl,
    // Lists in the query have commas between their values, as the API writes them.
    querySerializer: { array: { style: "form", explode: false } },
    headers: { ...headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) },
  });
}

/** A refusal as an error to throw, for code that has nothing better to do with it. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
  }
}

/** The data of an answer; throws what the API refused. */
export function unwrap<Data>(answer: { data?: Data; error?: Problem }): NonNullable<Data> {
  if (answer.data === undefined || answer.data === null) {
    const nothing: Problem = { type: "about:blank", title: "No answer", status: 0, detail: "Nothing was answered." };
    throw new ProblemError(answer.error ?? nothing);
  }
  return answer.data;
}
