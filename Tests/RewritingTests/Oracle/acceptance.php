<?php

declare(strict_types=1);

/** Whether unserialize() takes a value, whatever follows it. Unknown classes are allowed. */
function is_accepted(string $value): bool
{
    return $value === 'b:0;' || @unserialize($value, ['allowed_classes' => false]) !== false
        || str_starts_with($value, 'b:0;');
}

/** Whether unserialize() takes a value and uses all of its bytes. */
function is_complete(string $value): bool
{
    return is_accepted($value) && !is_accepted(substr($value, 0, -1));
}
