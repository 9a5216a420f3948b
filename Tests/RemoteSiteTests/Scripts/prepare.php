<?php
// Makes a user with a role and an application password, which is printed.
//
//   prepare.php LIVE USER ROLE
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
[, , $name, $role] = $argv;
$user = get_user_by('login', $name);
$id = $user ? $user->ID : wp_create_user($name, 'the password to log in with', "$name@example.com");
if (is_wp_error($id)) {
    fwrite(STDERR, 'error: ' . $id->get_error_message() . "\n");
    exit(1);
}
(new WP_User($id))->set_role($role);
$made = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Moniker']);
echo $made[0];
