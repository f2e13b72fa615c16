/** Question: something that an agent may not decide, as a person is shown it. */

import { graphql, type ResultOf } from "../../graphql";

export const QUESTIONS = graphql(`
  query Questions($last: Int!, $before: String) {
    escalations(last: $last, before: $before) {
      nodes {
        id kind reason createdAt
        contact { id name email company }
        task { id instruction followUps { id step status } }
        sentEmail { id subject body status createdAt }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
`);

export type Question = ResultOf<typeof QUESTIONS>["escalations"]["nodes"][number];
