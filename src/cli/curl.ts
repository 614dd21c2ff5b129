// A request that a reader can paste into a shell. Called by `serve` and the demo.

/** A campaign of two numbers; with the simulator one is delivered and one is not. */
export function exampleCurl(url: string, key: string): string {
  const body = {
    phones: [{ number: 34600000100 }, { number: 34600000001 }],
    sender: 'Carillon',
    text: 'Hello from Carillon',
  };
  return `  curl ${url}/api/campaigns/sms/send -H 'X-API-KEY: ${key}' \\
    -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}
