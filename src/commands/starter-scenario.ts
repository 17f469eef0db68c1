/** The text of the scenario that `bottalk init` writes: short, commented, and ready to run. */

/** `schema` is the path of the JSON Schema as seen from the file; without it editors only see YAML. */
export function starterScenario(title: string, schema: string | undefined): string {
  const schemaLine = schema === undefined ? '' : `# yaml-language-server: $schema=${schema.replaceAll('\\', '/')}\n`;
  return `${schemaLine}title: ${JSON.stringify(title)}
description: A customer calls a bakery and orders a cake.
tags: [starter]

# {{ name }} in any text is filled from here; --var name=value on the command line wins.
variables:
  shop: Miller's Bakery
  caller: Jonas

# When an agent decides that the other has finished: after a short pause, if the words sound complete.
turn: { profile: responsive }

# How long a call may get. Turns are counted for each agent.
max_turns: 10
max_duration: 3m

agents:
  # The first agent is the one under test (role: system). It answers the call, so it goes first.
  - name: Anna
    # A language model reads the prompt and the rules; the offline brain reads the script below.
    prompt: You answer the phone at {{ shop }}. Take the order, say when it is ready, and say goodbye.
    rules:
      - Keep it to two sentences a turn.
    # The offline voices: clara, ross, angus, otto.
    voice: clara
    script:
      # Said in order, one a turn.
      lines:
        - "{{ shop }}, Anna speaking. How can I help?"
        - Lovely. And what name should I put on it?
        - say: Thank you. It'll be ready on Saturday from nine. Goodbye.
          # The call is over after this line.
          end: true
      # Said instead of the next line when these words are heard; each answers once.
      answers:
        - on: [how much, price, cost]
          # One of several wordings, drawn by the seed.
          say:
            - It's thirty-two euros, with the writing on it.
            - That comes to thirty-two euros, writing included.

  # The second agent plays the caller (role: user).
  - name: "{{ caller }}"
    prompt: You are {{ caller }}. You call a bakery to order a birthday cake for Saturday.
    voice: ross
    script:
      lines:
        - Hi, I'd like to order a chocolate cake for Saturday. How much would that be?
        - That's fine, let's do that.
        - "{{ caller }}, please. And thanks a lot."

# What has to be true of the call: bottalk test holds every run against it, and so does bottalk run.
expect:
  - ended_by: end_conversation
  # Somebody says it; by: names who.
  - contains: thirty-two euros
    by: Anna
  # Figures and their limits; docs/testing.md lists them.
  - response_latency p50 <= 4s
  - talk_over <= 5%
  # Reported, but changes no verdict.
  - limit: duration <= 1m
    severity: should
`;
}
