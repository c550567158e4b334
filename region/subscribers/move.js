// The resolver of the mutation that `antipodes evacuate` calls: AppSync ends all subscriptions of one field, and closes
// their WebSockets. The clients connect again, and by then DNS names another region.
//
// One field a request: AppSync takes five in one ("Extensions" in the AWS AppSync Developer Guide), and of several in one
// resolver only the last was seen to work (aws/aws-appsync-community#223).

import { extensions } from "@aws-appsync/utils";

export function request() {
  return { payload: null };
}

export function response(ctx) {
  extensions.invalidateSubscriptions({ subscriptionField: ctx.args.subscription, payload: { move: "all" } });
  return true;
}
