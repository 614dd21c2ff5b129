// The OpenAPI document, generated from the schemas of the routes, and the page at /docs that shows it and tries it.
// Everything the page needs comes from this server, so it works offline.

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './server.ts';

const description = `Bulk SMS campaigns, compatible with One-API 2.0.

Log in with an API key and send the token as \`Authorization: Bearer …\`, or send the key itself as \`X-API-KEY\`.
A \`test_\` key reaches the built-in operator simulator only and costs nothing; a \`live_\` key sends.

Dates are written \`YYYY-MM-DD hh:mm:ss\` in UTC, and read in that form or as ISO 8601 with an offset.
Amounts are exact decimals with up to seven places.`;

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
        { name: 'Messages', description: 'Single messages' },
        { name: 'Service', description: 'For monitoring' },
      ],
      components: {
        securitySchemes: {
          ExternalAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          ApiKey: { type: 'apiKey', in: 'header', name: 'X-API-KEY' },
        },
      },
      security: [{ ExternalAuth: [] }, { ApiKey: [] }],
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { persistAuthorization: true, tryItOutEnabled: true, docExpansion: 'list' },
    theme: { title: 'Carillon API' },
  });
}
