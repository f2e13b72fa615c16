/** Contacts: everybody who may be written to, or must not be; one of them; and files of them. */

import { Route, Switch } from "wouter";
import { Empty } from "../../ui/empty";
import { Contact } from "./contact";
import { Import } from "./import/import";
import { List } from "./list";

export default function Contacts() {
  return (
    <Switch>
      <Route path="/contacts" component={List} />
      <Route path="/contacts/import" component={Import} />
      <Route path="/contacts/:id">{({ id }) => <Contact key={id} id={id} />}</Route>
      <Route>
        <Empty title="There is no such page" />
      </Route>
    </Switch>
  );
}
