/**
 * What `npm run configure` wrote of the stack: the token, and the endpoint; on the local stack, one for each city
 * that has an edge location.
 *
 * @param {string} wanted the name of the endpoint to take; the first one where there is no such
 * @throws {Error} it is not there
 */
export async function loadConfig(wanted) {
  const answer = await fetch("/config.json", { cache: "no-store" });
  // Vite answers with the page itself where there is no such file.
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) {
    throw new Error("There is no config.json.");
  }
  const { token, endpoints } = await answer.json();
  return { token, endpoints, endpoint: endpoints.find(({ name }) => name === wanted) ?? endpoints[0] };
}
