// Makes and proves passkeys. The pages work without it, with an authenticator app.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (credentials) => (credentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function make({ publicKey }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
    },
  });
  return answer(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function prove({ publicKey }) {
  const proved = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  });
  const { authenticatorData, signature, userHandle } = proved.response;
  return answer(proved, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

function answer(credential, response) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

for (const told of document.querySelectorAll("[data-passkey-none]")) {
  told.hidden = Boolean(window.PublicKeyCredential);
}

for (const form of document.querySelectorAll(".sl-passkey")) {
  const { passkeyMake, passkeyProve } = form.dataset;
  const problem = form.querySelector("[data-passkey-problem]");
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const credential = passkeyMake ? await make(JSON.parse(passkeyMake)) : await prove(JSON.parse(passkeyProve));
      form.elements.credential.value = JSON.stringify(credential);
    } catch {
      // Whatever the browser's reason (cancelled, too slow, no such key), the person can only try again or use a code.
      problem.hidden = false;
      return;
    }
    form.submit();
  });
}
