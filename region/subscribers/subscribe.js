// The resolver of every subscription field: whoever subscribes can be moved to another region (move.js). The clients'
// own arguments go on filtering what they hear, because no setSubscriptionFilter takes their place.

import { extensions } from "@aws-appsync/utils";

export function request() {
  return { payload: null };
}

export function response() {
  extensions.setSubscriptionInvalidationFilter({
    filterGroup: [{ filters: [{ fieldName: "move", operator: "eq", value: "all" }] }],
  });
  return null; // nothing is told when a subscription starts
}
