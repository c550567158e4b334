"""A GraphQL API of AppSync with a key, over a table, in one region."""

import json

import pulumi
import pulumi_aws as aws

SCHEMA = """
type Note { id: ID! text: String }
type Query { note(id: ID!): Note }
type Mutation { keep(id: ID!, text: String!): Note }
schema { query: Query mutation: Mutation }
"""
GET = """{"version": "2018-05-29", "operation": "GetItem",
"key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}}"""
PUT = """{"version": "2018-05-29", "operation": "PutItem",
"key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)},
"attributeValues": {"text": $util.dynamodb.toDynamoDBJson($ctx.args.text)}}"""

table = aws.dynamodb.Table(
    "notes", hash_key="id", attributes=[{"name": "id", "type": "S"}], read_capacity=1, write_capacity=1
)
role = aws.iam.Role(
    "reader",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)
aws.iam.RolePolicy(
    "reader-policy",
    role=role.name,
    policy=table.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], "Resource": arn}],
            }
        )
    ),
)
api = aws.appsync.GraphQLApi("notes-api", authentication_type="API_KEY", schema=SCHEMA)
key = aws.appsync.ApiKey("key", api_id=api.id)
source = aws.appsync.DataSource(
    "notes-source",
    name="notes",
    api_id=api.id,
    type="AMAZON_DYNAMODB",
    dynamodb_config={"table_name": table.name},
    service_role_arn=role.arn,
)
for kind, field, template in (("Query", "note", GET), ("Mutation", "keep", PUT)):
    aws.appsync.Resolver(
        field,
        api_id=api.id,
        data_source=source.name,
        type=kind,
        field=field,
        request_template=template,
        response_template="$util.toJson($ctx.result)",
    )
pulumi.export("url", api.uris["GRAPHQL"])
pulumi.export("key", key.key)
