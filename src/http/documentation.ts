// The OpenAPI document, generated from the schemas of the routes, and the page at /docs that shows it and tries it.
// Everything the page needs comes from this server, so it works offline.

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifySchema, RouteOptions } from 'fastify';
import { refusals } from './formats.ts';
import { consolePrefix, scopeOf } from './scopes.ts';
import { documentationPolicy } from './security-headers.ts';
import type { App } from './server.ts';

const description = `Bulk SMS campaigns, compatible with One-API 2.0.

Log in with an API key and send the token as \`Authorization: Bearer …\`, or send the key itself as \`X-API-KEY\`.
A \`test_\` key reaches the built-in operator simulator only and costs nothing; a \`live_\` key sends.

Dates are written \`YYYY-MM-DD hh:mm:ss\` in UTC, and read in that form or as ISO 8601 with an offset.
Amounts are exact decimals with up to seven places.`;

/** The sections of the admin API: routes of `/admin/api` have one of them as their tag. */
export const adminSections = [
  'Admin: accounts',
  'Admin: keys',
  'Admin: campaigns',
  'Admin: moderation',
  'Admin: senders',
  'Admin: tariffs',
  'Admin: operators',
  'Admin: audit',
] as const;

/** Says of every operation that needs a key which scope it needs, and how it answers keys that may not. */
function withAccess(schema: FastifySchema, url: string, route: RouteOptions): FastifySchema {
  if (route.config?.public === true || !/^(\/admin)?\/api\//.test(url)) return schema;
  const scope = scopeOf({ url, method: route.method, scope: route.config?.scope });
  const needs = scope === 'any' ? 'Any API key may use it.' : `Needs the scope \`${scope}\`.`;
  return {
    ...schema,
    description: schema.description === undefined ? needs : `${schema.description}\n\n${needs}`,
    response: { ...(schema.response as object), ...refusals(403, 429) },
  };
}

/** Registers both; call it before the routes. */
export async function serveDocumentation(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Carillon', version, description },
      servers: [{ url: '/', description: 'This server' }],
      tags: [
        { name: 'Access', description: 'Tokens' },
        { name: 'Account', description: 'Balance and tariffs' },
        { name: 'Campaigns', description: 'Price, send, watch, stop' },
        { name: 'Imports', description: 'Files that become campaigns, contacts or stop lists' },
        { name: 'Messages', description: 'Single messages' },
        { name: 'Contacts', description: 'Contacts, their fields and groups, and the stop list' },
        { name: 'Prices', description: "What the account's tariff says" },
        { name: 'Senders', description: 'Whom messages come from, and requests for more' },
        { name: 'Service', description: 'For monitoring' },
        ...adminSections.map((name) => ({ name, description: 'For administrators' })),
      ],
      components: {
        securitySchemes: {
          ExternalAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY' },
        },
      },
      security: [{ ExternalAuth: [] }, { ApiKey: [] }],
    },
    transform: ({ schema, url, route }) => ({
      // docs/reference/console-api.md describes what serves the console alone.
      schema: url.startsWith(consolePrefix) ? { ...schema, hide: true } : withAccess(schema, url, route),
      url,
    }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { persistAuthorization: true, tryItOutEnabled: true, docExpansion: 'list' },
    staticCSP: documentationPolicy,
    theme: { title: 'Carillon API' },
  });
}
