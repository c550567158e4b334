export const EVENTS = `query Events($nextToken: String) {
  region
  listEvents(nextToken: $nextToken) { items { id name when where description } nextToken }
}`;

export const COMMENTS = `query Comments($eventId: ID!, $nextToken: String) {
  getEvent(id: $eventId) {
    comments(nextToken: $nextToken) { items { eventId commentId content createdAt } nextToken }
  }
}`;

export const CREATE = `mutation Create($name: String!, $when: String!, $where: String!, $description: String!) {
  createEvent(name: $name, when: $when, where: $where, description: $description) { id name when where description }
}`;

export const COMMENT = `mutation Comment($eventId: ID!, $content: String!, $createdAt: String!) {
  commentOnEvent(eventId: $eventId, content: $content, createdAt: $createdAt) { eventId commentId content createdAt }
}`;

export const CREATED = `subscription Created {
  subscribeToEventCreated { id name when where description }
}`;

export const CHANGED = `subscription Changed {
  subscribeToEventChanged { id name when where description }
}`;

export const DELETED = `subscription Deleted {
  subscribeToEventDeleted { id }
}`;

export const COMMENTED = `subscription Commented($eventId: String!) {
  subscribeToEventComments(eventId: $eventId) { eventId commentId content createdAt }
}`;
