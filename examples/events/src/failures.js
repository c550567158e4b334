/**
 * What a person reads when a request failed: what is wrong, and what to do.
 *
 * @param {unknown} failure what aws-amplify threw: a GraphQL result with errors, or an Error
 * @param {string} url the endpoint that was asked
 * @returns {{title: string, remedy: string}}
 */
export function explain(failure, url) {
  const errors = failure?.errors ?? [failure];
  const [first] = errors;
  const cause = first?.originalError;
  const status = cause?.response?.statusCode;
  if (status === 401 || status === 403 || first?.message === "Unauthorized") {
    return {
      title: "The endpoint refused the token",
      remedy: "It may have been renewed since. Run npm run configure, then reload this page.",
    };
  }
  if (cause?.name === "NetworkError") {
    return {
      title: "The endpoint cannot be reached",
      remedy: `Is the stack up? Does this browser trust its certificate? Open ${url} in a tab of its own: a warning means that it does not; even an error in JSON means that all is well again.`,
    };
  }
  if (status >= 500) {
    return { title: `The endpoint answered with HTTP ${status}`, remedy: "Try again in a few seconds." };
  }
  return { title: "The API answered with an error", remedy: errors.map((error) => error?.message ?? error).join("; ") };
}
