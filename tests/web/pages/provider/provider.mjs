// An OpenID provider on loopback, which says where it is. The file in PEOPLE says of each account what it claims;
// "in-token" puts the e-mail address into the ID token, as some providers do.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "letters",
        client_secret: process.env.CLIENT_SECRET,
        application_type: "native", // so that any port of loopback will do for the way back
        redirect_uris: ["http://127.0.0.1/sign-in/account/back"],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified", "xms_edov"] },
    conformIdTokenClaims: process.argv[2] !== "in-token",
    findAccount(_context, id) {
      const said = JSON.parse(readFileSync(process.env.PEOPLE, "utf-8"))[id];
      return { accountId: id, claims: () => ({ sub: id, ...said }) };
    },
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
